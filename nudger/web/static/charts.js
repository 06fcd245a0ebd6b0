/* Draws each figure.chart from the table that stands behind it, so that a number is written once.
   Colours are those of the page; a chart is drawn anew when they or the room change. */
(() => {
  "use strict";
  const LABEL = 12, WIDEST_LABEL = 0.38;
  const drawn = new Map();

  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const font = () => `${LABEL}px ${getComputedStyle(document.body).fontFamily}`;

  function numbersOf(table) {
    const rows = [...table.tBodies[0].rows];
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      values: rows.map((row) => {
        const written = row.cells[1].dataset.value;
        return written === "" ? null : Number(written);
      }),
    };
  }

  function widthsOf(labels) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font();
    return labels.map((label) => pen.measureText(label).width);
  }

  function fitting(label, width, room) {
    if (width <= room) return label;
    const kept = Math.max(1, Math.floor((label.length * room) / width) - 1);
    return `${label.slice(0, kept).trimEnd()}…`;
  }

  /* Where the number of a point stands so that the line does not cross it: over it, beneath it, or
     over it to one side. */
  function beside(values, at, hasRoomBeneath) {
    const value = values[at], before = values[at - 1] ?? value, after = values[at + 1] ?? value;
    if (before <= value && after <= value) return { over: true, align: "center" };
    if (before >= value && after >= value && hasRoomBeneath) return { over: false, align: "center" };
    return { over: true, align: after > value ? "right" : "left" };
  }

  function written(unit, lying, line) {
    return (plot) => {
      const pen = plot.ctx, scale = devicePixelRatio;
      const [, values] = plot.data;
      pen.save();
      pen.font = `600 ${LABEL * scale}px ${getComputedStyle(document.body).fontFamily}`;
      pen.fillStyle = colour("text");
      pen.textAlign = lying ? "left" : "center";
      pen.textBaseline = lying ? "middle" : "bottom";
      const room = plot.bbox[lying ? "height" : "width"] / values.length;
      const widest = Math.max(...values.map((v) => pen.measureText(`${v ?? ""}${unit}`).width));
      const each = lying ? 1 : Math.ceil((widest + 4 * scale) / room);
      values.forEach((value, at) => {
        if (value === null || (values.length - 1 - at) % each) return;
        const along = plot.valToPos(at, "x", true), up = plot.valToPos(value, "y", true);
        const gap = 5 * scale;
        if (lying) return pen.fillText(`${value}${unit}`, up + gap, along);
        const hasRoom = up + 2 * gap + LABEL * scale < plot.bbox.top + plot.bbox.height;
        const { over, align } = line ? beside(values, at, hasRoom) : { over: true, align: "center" };
        pen.textAlign = align;
        pen.textBaseline = over ? "bottom" : "top";
        pen.fillText(`${value}${unit}`, along, over ? up - gap : up + gap);
      });
      pen.restore();
    };
  }

  function optionsOf(figure, space, numbers) {
    const line = figure.dataset.chart === "line";
    const unit = figure.dataset.unit, most = Number(figure.dataset.most) || 0;
    const { labels, values } = numbers;
    const width = space.clientWidth, height = space.clientHeight;
    const widths = widthsOf(labels), widest = Math.max(...widths, 1);
    const isNarrow = widest + 8 > (width - 40) / labels.length;
    const lying = figure.dataset.chart === "lying" || (!line && isNarrow);
    const room = lying ? width * WIDEST_LABEL : (width - 40) / labels.length;
    const each = lying ? 1 : Math.ceil((widest + 8) / room);
    const indices = labels.map((_, at) => at);
    const shown = indices.filter((at) => (labels.length - 1 - at) % each === 0);
    const top = most || Math.max(...values, 1) * (lying ? 1.15 : 1.12);
    const axis = { stroke: colour("dim"), font: font(), ticks: { show: false } };
    const accent = colour("accent");
    return {
      width, height, legend: { show: false }, cursor: { show: false }, padding: [18, 12, 0, 4],
      scales: {
        x: { time: false, ori: lying ? 1 : 0, dir: lying ? -1 : 1,
             range: () => [-0.6, labels.length - 0.4] },
        y: { ori: lying ? 0 : 1, dir: 1, range: () => [0, top] },
      },
      axes: [
        { ...axis, side: lying ? 3 : 2, grid: { show: false }, gap: 6,
          size: lying ? Math.min(widest, room) + 12 : 26,
          splits: () => shown,
          values: (_, at) => at.map((one) => fitting(labels[one], widths[one], lying ? room : Infinity)) },
        { ...axis, side: lying ? 2 : 3, show: !lying, size: 40, gap: 4,
          grid: { stroke: colour("line"), width: 1 }, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4],
          values: (_, at) => at.map((one) => `${one}${unit}`) },
      ],
      series: [
        {},
        line
          ? { stroke: accent, width: 2.5, points: { show: true, size: 7, fill: accent }, spanGaps: false }
          : { stroke: accent, fill: accent, width: 0, points: { show: false },
              paths: uPlot.paths.bars({ size: [0.62, 44], radius: 0.12 }) },
      ],
      hooks: { draw: [written(unit, lying, line)] },
    };
  }

  function draw(figure) {
    const space = figure.querySelector(".chart-space");
    const numbers = numbersOf(figure.querySelector("table"));
    drawn.get(figure)?.destroy();
    space.replaceChildren();
    if (!space.clientWidth || !numbers.labels.length) return;
    const indices = numbers.labels.map((_, at) => at);
    const options = optionsOf(figure, space, numbers);
    drawn.set(figure, new uPlot(options, [indices, numbers.values], space));
    space.dataset.width = String(space.clientWidth);
  }

  const room = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.dataset.width !== String(target.clientWidth)) draw(target.closest(".chart"));
    }
  });

  function find(within) {
    for (const figure of within.querySelectorAll("figure.chart:has(.chart-space)")) {
      if (drawn.has(figure)) continue;
      draw(figure);
      room.observe(figure.querySelector(".chart-space"));
    }
  }

  function anew() {
    for (const figure of [...drawn.keys()]) {
      if (figure.isConnected) draw(figure);
      else drawn.delete(figure);
    }
  }

  for (const asked of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(asked).addEventListener("change", anew);
  }
  const onPaper = (is) => {
    document.documentElement.classList.toggle("paper", is);
    anew();
  };
  addEventListener("beforeprint", () => onPaper(true));
  addEventListener("afterprint", () => onPaper(false));
  matchMedia("print").addEventListener("change", (change) => onPaper(change.matches));
  document.addEventListener("htmx:afterSettle", (event) => find(event.detail.elt.parentElement ?? document));
  find(document);
})();
