// SPDX-License-Identifier: MIT
// node browser.mjs STYLE-SHEET PAGE...
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import puppeteer from 'puppeteer-core';
import { checkColours } from './contrast.mjs';

let passed = 0;
let failed = 0;
const check = (what, good) => {
  passed += good ? 1 : 0;
  failed += good ? 0 : 1;
  if (!good) {
    console.log(`FAILED: ${what}`);
  }
};

// In the page: what lies over its neighbour, and what reaches beyond the page.
const layout = () => {
  const wrong = [];
  const box = (element) => element.getBoundingClientRect();
  if (document.documentElement.scrollWidth > window.innerWidth) {
    wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
  }
  for (const parent of document.querySelectorAll('main, section, .cards, .card, .figures, .facts, .advice, .part, .quality, header, figure, .pair, .line')) {
    const children = Array.from(parent.children).filter((child) => box(child).height > 0 && getComputedStyle(child).position === 'static');
    children.forEach((child, i) => {
      const a = box(child);
      if (a.right > window.innerWidth + 1 || a.left < -1) {
        wrong.push(`${child.tagName}.${child.className} reaches beyond the page`);
      }
      for (const other of children.slice(i + 1, i + 4)) {
        const b = box(other);
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) {
          wrong.push(`${child.tagName}.${child.className} lies over ${other.tagName}.${other.className}`);
        }
      }
    });
  }
  for (const svg of document.querySelectorAll('figure svg[role=img], .chart > svg')) {
    const texts = Array.from(svg.querySelectorAll('text')).filter((text) => box(text).width > 0);
    texts.forEach((text, i) => texts.slice(i + 1).forEach((other) => {
      const [a, b] = [box(text), box(other)];
      if (a.left < b.right && b.left < a.right && a.top + 4 < b.bottom && b.top + 4 < a.bottom) {
        wrong.push(`"${text.textContent}" lies over "${other.textContent}"`);
      }
    }));
    for (const text of texts) {
      if (box(text).right > window.innerWidth || box(text).left < 0) {
        wrong.push(`"${text.textContent}" reaches beyond the page`);
      }
    }
  }
  return wrong;
};

async function open(browser, url, { width, script = true, scheme = 'light', media = 'screen' }) {
  const page = await browser.newPage();
  const messages = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:,')) {
      messages.push(`asks for ${request.url().slice(0, 100)}`);
    }
  });
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaType(media);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(url);
  return { page, messages };
}

async function checkTable(page, name) {
  const cells = (column) => page.$$eval('#all-devices tbody tr', (rows, c) =>
    rows.filter((row) => !row.hidden).map((row) => row.cells[c].textContent), column);
  const before = await cells(0);
  const number = (text) => Number(text.replace(/,/g, '') || 0);
  await page.click('#all-devices th:nth-child(2) button');
  const faults = (await cells(1)).map(number);
  check(`${name}: sorted by faults, most first`, faults.every((count, i) => i === 0 || count <= faults[i - 1]));
  check(`${name}: aria-sort`, await page.$eval('#all-devices th:nth-child(2)', (th) => th.getAttribute('aria-sort')) === 'descending');
  await page.click('#all-devices th:nth-child(2) button');
  const again = (await cells(1)).map(number);
  check(`${name}: sorted by faults, fewest first`, again.every((count, i) => i === 0 || count >= again[i - 1]));
  await page.click('#all-devices th:nth-child(1) button');
  const ids = await cells(0);
  check(`${name}: sorted by device`, ids.every((id, i) => i === 0 || id.toLowerCase() >= ids[i - 1].toLowerCase()));
  check(`${name}: no row is lost`, ids.length === before.length);
  await page.type('#all-devices input', before[0].slice(0, 12));
  const found = await cells(0);
  check(`${name}: the filter finds`, found.length > 0 && found.includes(before[0]) && found.length <= before.length);
  await page.type('#all-devices input', ' zzzz-no-such');
  check(`${name}: the filter leaves out`, (await cells(0)).length === 0);
}

const [styles, ...files] = process.argv.slice(2);
checkColours(styles, check);
const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'], protocolTimeout: 300000 });
for (const file of files) {
  const name = basename(file, '.html');
  const url = `file://${resolve(file)}`;
  check(`${name}: below 1 MB`, statSync(file).size < 1000000);
  for (const how of [{ width: 360 }, { width: 1280 }, { width: 700, media: 'print' }, { width: 1280, scheme: 'dark' }, { width: 360, script: false }]) {
    const { page, messages } = await open(browser, url, how);
    const words = `${name}, ${JSON.stringify(how)}`;
    const wrong = how.script === false ? [] : await page.evaluate(layout);
    check(`${words}: ${wrong.slice(0, 3).join('; ')}`, wrong.length === 0);
    if (how.width === 1280 && how.scheme === undefined) {
      await checkTable(page, name);
      check(`${name}: only our script`, await page.evaluate(() => document.scripts.length === 1 && document.images.length === 0));
      check(`${name}: the title is ours`, (await page.title()).startsWith('IoT Hub disconnects: '));
      check(`${name}: each chart has its table and names`, await page.$$eval('svg[role=img]', (charts) => charts.every((chart) => chart.querySelector('title'))));
      check(`${name}: links lead somewhere`, await page.$$eval('a[href^="#"]', (links) => links.every((link) => document.getElementById(link.hash.slice(1)))));
    }
    if (how.script === false) {
      check(`${name}: rows without script`, (await page.content()).includes('<tbody>'));
    }
    check(`${words}: ${messages.slice(0, 3).join('; ')}`, messages.length === 0);
    await page.close();
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
