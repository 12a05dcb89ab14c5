import { LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import {
  Curve,
  type ActiveDotProps,
  type DotItemDotProps,
  type LineDrawShapeProps,
  type XAxisTickContentProps,
} from 'recharts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Marker, type LineStyle } from './line-style.tsx';
import { MonthTooltip } from './month-tooltip.tsx';
import classes from './graph.module.css';

const texts = {
  en: {
    inProgress: 'in progress',
    graph: 'Graph of the MAU. Use the arrow keys to go from month to month. The table shows the same numbers.',
  },
  ja: { inProgress: '集計中', graph: 'MAUのグラフ。矢印キーで月を移動できます。同じ数値を表に示しています。' },
} satisfies Texts<object>;

export interface GraphProps {
  /** In pixels. */
  readonly height: number;
  /** The months that the graph shows. The last of these months is in progress. */
  readonly months: readonly string[];
  readonly lines: readonly (LineStyle & {
    readonly id: string;
    readonly name: string;
    readonly isBold: boolean;
    /** The MAU of each month, in the order of `months`. */
    readonly mau: readonly number[];
  })[];
  /** Horizontal lines with which people can compare the MAU, such as the alert threshold. */
  readonly levels: readonly (LevelStyle & { readonly label: string; readonly mau: number })[];
}

/** The style of a horizontal line. */
export interface LevelStyle {
  readonly color: string;
  readonly dashes: string;
}

/** Draws the MAU by month. */
export function Graph({ height, months, lines, levels }: GraphProps) {
  const text = useText(texts);
  const format = useFormat();
  const current = months.at(-1) ?? '';
  const lineOf = new Map(lines.map((line) => [line.id, line]));
  const data = months.map((month, index) => ({
    month,
    ...Object.fromEntries(lines.map(({ id, mau }) => [id, mau[index]])),
  }));
  const highest = Math.max(1, ...lines.flatMap(({ mau }) => mau), ...levels.map(({ mau }) => mau));
  const [upper, ...lower] = levels.toSorted((a, b) => b.mau - a.mau);
  const series = lines.map(({ id, color }) => ({ name: id, color }));
  /**
   * The accessible name of the chart. The chart needs a name because the keyboard can focus it. This is a separate
   * object because the type of the chart's props lacks `aria-label`.
   */
  const labelled = { 'aria-label': text.graph };
  return (
    <LineChart
      h={height}
      data={data}
      dataKey="month"
      series={series}
      curveType="linear"
      valueFormatter={(users) => format.number(users)}
      textColor="var(--mantine-color-text)"
      lineProps={({ name }) => {
        const line = lineOf.get(name);
        if (!line) return {};
        const { color, marker, isBold } = line;
        const point = ({ cx = 0, cy = 0, payload }: DotItemDotProps | ActiveDotProps, size: number) => {
          const { month } = payload as { month: string };
          return (
            <g key={`${name} ${month}`} transform={`translate(${cx} ${cy}) scale(${size})`}>
              <Marker color={color} marker={marker} isHollow={month === current} />
            </g>
          );
        };
        return {
          strokeWidth: isBold ? 5 : 2,
          shape: LineInProgress,
          dot: (props: DotItemDotProps) => point(props, 1),
          activeDot: (props: ActiveDotProps) => point(props, 1.5),
        };
      }}
      referenceLines={[
        ...(upper ? [{ level: upper, labelPosition: 'insideBottomLeft' as const }] : []),
        ...lower.map((level) => ({ level, labelPosition: 'insideTopLeft' as const })),
      ].map(({ level, labelPosition }) => ({
        y: level.mau,
        label: {
          value: `${level.label} ${format.number(level.mau)}`,
          fill: 'var(--mantine-color-text)',
          className: classes['level'],
        },
        labelPosition,
        color: level.color,
        strokeDasharray: level.dashes,
        strokeWidth: 2,
        ifOverflow: 'extendDomain',
      }))}
      lineChartProps={{ ...labelled, margin: { top: 24, right: 8, bottom: 0, left: 0 } }}
      xAxisProps={{
        tick: ({ x, y, payload }: XAxisTickContentProps) => {
          const month = String(payload.value);
          return (
            <MonthTick
              x={x}
              y={y}
              month={format.month(month)}
              inProgress={month === current ? text.inProgress : undefined}
            />
          );
        },
        tickFormatter: (month: string) => format.month(month),
        height: 48,
        padding: { left: 24, right: 36 },
      }}
      yAxisProps={{ allowDecimals: false, width: 20 + 7 * format.number(highest).length }}
      tooltipProps={{
        // Shows the tooltip in front of the content below the graph, because the tooltip can be taller than the graph.
        wrapperStyle: { zIndex: 2 },
        content: ({ label: month }) => (
          // Screen readers announce each month that the arrow keys reach. At first, no month is selected.
          <div role="status">
            {typeof month === 'string' && month !== '' && (
              <MonthTooltip
                month={format.month(month) + (month === current ? ` (${text.inProgress})` : '')}
                isInProgress={month === current}
                mau={lines.map((line) => ({ ...line, mau: line.mau[months.indexOf(month)] ?? 0 }))}
              />
            )}
          </div>
        ),
      }}
    />
  );
}

/** Draws a line. The last segment is dashed, because the last month is in progress. */
function LineInProgress({ points = [], pathRef, ...curve }: LineDrawShapeProps) {
  return (
    <>
      <Curve {...curve} pathRef={pathRef} points={points.slice(0, -1)} />
      <Curve {...curve} points={points.slice(-2)} strokeDasharray="4 4" />
    </>
  );
}

function MonthTick({ x, y, month, inProgress }: TickProps) {
  return (
    <text x={x} y={y} dy={16} textAnchor="middle" fontSize={12} fill="currentColor">
      <tspan x={x}>{month}</tspan>
      {inProgress !== undefined && (
        <tspan x={x} dy="1.3em" fontStyle="italic">
          {inProgress}
        </tspan>
      )}
    </text>
  );
}

interface TickProps {
  readonly x: number | string;
  readonly y: number | string;
  readonly month: string;
  readonly inProgress: string | undefined;
}
