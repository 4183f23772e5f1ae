// SPDX-License-Identifier: MIT
// WCAG 2 contrast of the style sheet's colours, in each theme, and how far apart classes are for the colour-blind.
import { readFileSync } from 'node:fs';

const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const linear = (hex) => [1, 3, 5].map((at) => channel(parseInt(hex.slice(at, at + 2), 16) / 255));
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (a, b) => {
  const [light, dark] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

// G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, 2009: severity 1.0.
const blindness = {
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const seen = (hex, matrix) => matrix.map((row) => row.reduce((sum, weight, i) => sum + weight * linear(hex)[i], 0));
const lab = ([r, g, b]) => {
  const f = (t) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
};
const distance = (a, b) => Math.hypot(...lab(a).map((value, i) => value - lab(b)[i]));

export function checkColours(path, check) {
  const css = readFileSync(path, 'utf8');
  const themes = [...css.matchAll(/:root \{([^}]*)\}/g)].map((match) =>
    Object.fromEntries([...match[1].matchAll(/--([\w]+): (#\w{3,6});/g)].map(([, name, value]) => [name,
      value.length === 4 ? '#' + [...value.slice(1)].map((c) => c + c).join('') : value])));
  ['light', 'dark', 'print'].forEach((theme, i) => {
    const colours = themes[i];
    for (const text of ['ink', 'soft', 'link', 'error', 'warning', 'note', 'hub', 'network']) {
      const least = Math.min(contrast(colours[text], colours.paper), contrast(colours[text], colours.panel));
      check(`${theme}: --${text} as text, ${least.toFixed(2)}:1`, least >= 4.5);
    }
    for (const mark of ['token', 'network', 'hub', 'other', 'unknown', 'up', 'error', 'soft']) {
      const ratio = contrast(colours[mark], colours.paper);
      check(`${theme}: --${mark} as a mark, ${ratio.toFixed(2)}:1`, ratio >= 3);
    }
    for (const [name, matrix] of Object.entries(blindness)) {
      const classes = ['token', 'network', 'hub', 'other', 'unknown'];
      let least = [Infinity, ''];
      classes.forEach((a, k) => classes.slice(k + 1).forEach((b) => {
        const apart = distance(seen(colours[a], matrix), seen(colours[b], matrix));
        least = apart < least[0] ? [apart, `${a} and ${b}`] : least;
      }));
      check(`${theme}, ${name}: ${least[1]} are ${least[0].toFixed(1)} apart`, least[0] >= 8);
    }
  });
}
