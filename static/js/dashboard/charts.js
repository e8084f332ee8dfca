// Draws the charts of the result page from the JSON beside each canvas. The tables below hold the same numbers.

const TONES = {
  promoter: "--good", satisfied: "--good",
  passive: "--middling", neutral: "--middling",
  detractor: "--bad", dissatisfied: "--bad",
};
const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

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

const distributionConfig = ({ labels, values, buckets }) => ({
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
    { title: ([item]) => `Score ${item.label}`, label: (item) => `${numbers.format(item.raw)} answers` },
  ),
});

const bandEdge = (data, fill) => ({
  data, fill, borderWidth: 0, pointRadius: 0, pointHitRadius: 0, backgroundColor: colour("--band"),
});

const trendConfig = ({ kind, labels, scores, lows, highs, counts }) => ({
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
        `${kind.toUpperCase()} ${numbers.format(item.raw)}`,
        `likely between ${Math.round(lows[item.dataIndex])} and ${Math.round(highs[item.dataIndex])}`,
        `${numbers.format(counts[item.dataIndex])} scores`,
      ]),
    },
  ),
});

const CONFIGS = { distribution: distributionConfig, trend: trendConfig };

const draw = (canvas) => {
  const chart = JSON.parse(document.getElementById(canvas.dataset.source).textContent);
  window.Chart.getChart(canvas)?.destroy();
  new window.Chart(canvas, CONFIGS[canvas.dataset.chart](chart));
};

const drawAll = () => {
  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) draw(canvas);
};

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
