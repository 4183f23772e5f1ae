// SPDX-License-Identifier: MIT
// node screenshots.mjs TEXT PAGE FOLDER
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import puppeteer from 'puppeteer-core';

const LINES = 42;
const [text, html, folder] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'], protocolTimeout: 300000 });
const page = await browser.newPage();

const colours = { '1': '#ffffff', '1;31': '#ff7b72', '1;33': '#e3b341' };
const lines = readFileSync(text, 'utf8').split('\n').slice(0, LINES).join('\n');
await page.setViewport({ width: 900, height: 600 });
await page.setContent('<style>body{margin:0;background:#0d1117}pre{margin:0;padding:20px 24px;width:fit-content;color:#c9d1d9;font:14px/1.4 "DejaVu Sans Mono",monospace}</style><pre></pre>');
await page.evaluate((source, map) => {
  const pre = document.querySelector('pre');
  let colour = '';
  for (const part of source.split(/(\u001b\[[\d;]*m)/)) {
    const code = /^\u001b\[([\d;]*)m$/.exec(part);
    if (code) {
      colour = map[code[1]] ?? '';
    } else {
      const span = document.createElement('span');
      span.textContent = part;
      span.style.color = colour;
      span.style.fontWeight = colour ? 'bold' : '';
      pre.append(span);
    }
  }
}, lines, colours);
await (await page.$('pre')).screenshot({ path: `${folder}/terminal.png` });

for (const [name, scheme, width, selector, height] of [
  ['html', 'light', 1200, 'body', 1000],
  ['html-charts', 'light', 1200, '#time', 1000],
]) {
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(`file://${resolve(html)}`);
  const y = await page.$eval(selector, (element) => element.getBoundingClientRect().top + window.scrollY);
  await page.screenshot({ path: `${folder}/${name}.png`, clip: { x: 0, y, width, height }, captureBeyondViewport: true });
}
await browser.close();
