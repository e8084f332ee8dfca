// Draws the charts of results and numbers from the JSON beside each canvas. The tables below hold the same numbers.

const TONES = {
  promoter: "--good", satisfied: "--good", easy: "--good",
  passive: "--middling", neutral: "--middling",
  detractor: "--bad", dissatisfied: "--bad", difficult: "--bad",
};
const { format } = new Intl.NumberFormat(document.documentElement.lang, {
  maximumFractionDigits: 1,
  useGrouping: "always",
});

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const axis = (options = {}) => ({
  border: { display: false },
  grid: { color: colour("--line"), drawTicks: false, ...options.grid },
  ticks: { color: colour("--muted"), padding: 8, ...options.ticks },
  ...options.scale,
});

const plainOptions = (scales, tooltip) => ({
  animation: false,
  maintainAspectRatio: false,
  interaction: { mode: "index", intersect: false },
  scales,
  plugins: { legend: { display: false }, tooltip: { displayColors: false, padding: 10, callbacks: tooltip } },
});

const distributionConfig = ({ labels, values, buckets }, words) => ({
  type: "bar",
  data: {
    labels,
    datasets: [{
      data: values,
      backgroundColor: buckets.map((bucket) => colour(TONES[bucket])),
      borderRadius: 6,
      maxBarThickness: 56,
    }],
  },
  options: plainOptions(
    { x: axis({ grid: { display: false } }), y: axis({ scale: { beginAtZero: true }, ticks: { precision: 0 } }) },
    {
      title: ([item]) => `${words.score} ${item.label}`,
      label: (item) => `${words.answers}: ${format(item.raw)}`,
    },
  ),
});

const bandEdge = (data, fill) => ({
  data, fill, borderWidth: 0, pointRadius: 0, pointHitRadius: 0, backgroundColor: colour("--band"),
});

const trendConfig = ({ kind, labels, scores, lows, highs, counts }, words) => ({
  type: "line",
  data: {
    labels,
    datasets: [
      {
        data: scores,
        borderColor: colour("--accent"),
        backgroundColor: colour("--accent"),
        borderWidth: 2,
        pointRadius: labels.length > 60 ? 0 : 3,
      },
      bandEdge(lows, "+1"),
      bandEdge(highs, false),
    ],
  },
  options: plainOptions(
    {
      x: axis({ grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 24 } }),
      y: axis({ scale: { suggestedMin: kind === "nps" ? -100 : 0, suggestedMax: 100 } }),
    },
    {
      label: (item) => (item.datasetIndex > 0 ? null : [
        `${kind.toUpperCase()} ${format(item.raw)}`,
        words.likely
          .replace("{low}", format(Math.round(lows[item.dataIndex])))
          .replace("{high}", format(Math.round(highs[item.dataIndex]))),
        `${words.scores}: ${format(counts[item.dataIndex])}`,
      ]),
    },
  ),
});

// What a value is called stands beside it: money and shares are written by the server.
const metricConfig = ({ type, labels, values, texts }) => ({
  type,
  data: {
    labels,
    datasets: [{
      data: values,
      borderColor: colour("--accent"),
      backgroundColor: colour("--accent"),
      borderWidth: type === "line" ? 2 : 0,
      borderRadius: 4,
      maxBarThickness: 40,
      pointRadius: labels.length > 60 ? 0 : 3,
    }],
  },
  options: plainOptions(
    {
      x: axis({ grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 24 } }),
      y: axis({ scale: { beginAtZero: true } }),
    },
    { label: (item) => texts[item.dataIndex] },
  ),
});

// Several figures of one time side by side.
const groupedConfig = ({ labels, series }) => ({
  type: "bar",
  data: {
    labels,
    datasets: series.map(({ name, tone, values }) => ({
      label: name, data: values, backgroundColor: colour(tone), borderRadius: 4, maxBarThickness: 24,
    })),
  },
  options: plainOptions(
    {
      x: axis({ grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 24 } }),
      y: axis({ scale: { beginAtZero: true }, ticks: { precision: 0 } }),
    },
    { label: (item) => `${item.dataset.label}: ${format(item.raw)}` },
  ),
});

const CONFIGS = { distribution: distributionConfig, trend: trendConfig, metric: metricConfig, grouped: groupedConfig };

const draw = (canvas) => {
  const chart = JSON.parse(document.getElementById(canvas.dataset.source).textContent);
  window.Chart.getChart(canvas)?.destroy();
  new window.Chart(canvas, CONFIGS[canvas.dataset.chart](chart, canvas.dataset));
};

const drawAll = () => {
  window.Chart.defaults.locale = document.documentElement.lang;
  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) draw(canvas);
};

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
