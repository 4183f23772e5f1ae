# SPDX-License-Identifier: MIT
"""Plots with a logarithmic x axis, as SVG: a row of panels, the same series in each."""

import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 330, 250, 48, 14, 40, 44
COLOURS = ["#1b6ca8", "#c1541c"]


class Panel:
    """points: series -> [(x, y)]. The y axis begins at 0, so that flat looks flat."""

    def __init__(self, title, x_label, points):
        self.title, self.x_label, self.points = title, x_label, points
        every = [point for some in points.values() for point in some]
        self.x_min = math.floor(math.log10(min(x for x, _ in every)) + 0.02)
        self.x_max = max(math.ceil(math.log10(max(x for x, _ in every)) - 0.02), self.x_min + 1)
        self.step = nice_step(max(y for _, y in every))
        self.y_max = self.step * math.ceil(max(y for _, y in every) / self.step)

    def place(self, x, y):
        across = (math.log10(x) - self.x_min) / (self.x_max - self.x_min)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y / self.y_max * (HEIGHT - TOP - BOTTOM)


def nice_step(largest):
    """1, 2 or 5 times a power of ten, for four to eight steps."""
    power = 10 ** math.floor(math.log10(largest / 4))
    return max(power * factor for factor in (1, 2, 5) if power * factor <= largest / 4)


def text(x, y, what, extra=""):
    return '<text x="%.1f" y="%.1f"%s>%s</text>' % (x, y, extra, what)


def axes(panel):
    parts = [text(LEFT, 18, panel.title, ' class="title"'), text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, panel.x_label, ' text-anchor="middle"')]
    for i in range(round(panel.y_max / panel.step) + 1):
        value = i * panel.step
        _, y = panel.place(10**panel.x_min, value)
        parts.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#ddd"/>' % (LEFT, WIDTH - RIGHT, y, y))
        parts.append(text(LEFT - 6, y + 4, "%g" % value, ' text-anchor="end"'))
    for exponent in range(panel.x_min, panel.x_max + 1):
        x, _ = panel.place(10**exponent, 0)
        parts.append(text(x, HEIGHT - BOTTOM + 16, '10<tspan dy="-5" font-size="8">%d</tspan>' % exponent, ' text-anchor="middle"'))
    return parts


def draw_panel(panel):
    parts = axes(panel)
    for colour, points in zip(COLOURS, panel.points.values()):
        places = [panel.place(x, y) for x, y in points]
        parts.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' % (colour, " ".join("%.1f,%.1f" % place for place in places)))
        parts.extend('<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (x, y, colour) for x, y in places)
    return parts


def panels(row):
    width, height = WIDTH * len(row), HEIGHT + 24
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">' % (width, height, width, height),
             "<title>%s</title>" % "; ".join(panel.title for panel in row),
             "<style>text{font:11px sans-serif;fill:#333}.title{font-weight:bold}</style>",
             '<rect width="%d" height="%d" fill="#fff"/>' % (width, height)]
    for i, panel in enumerate(row):
        parts += ['<g transform="translate(%d 0)">' % (i * WIDTH), *draw_panel(panel), "</g>"]
    for i, name in enumerate(row[0].points):
        x = LEFT + i * 190
        parts.append('<rect x="%d" y="%d" width="14" height="4" fill="%s"/>' % (x, HEIGHT + 6, COLOURS[i]))
        parts.append(text(x + 20, HEIGHT + 12, name))
    return "\n".join(parts + ["</svg>"]) + "\n"
