import { LineChart } from '@mantine/charts';
import { useMediaQuery } from '@mantine/hooks';
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
import type { MauWithGaps } from './gaps.ts';
import { Marker, type LineStyle } from './line-style.tsx';
import { MonthTooltip } from './month-tooltip.tsx';

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
    readonly mau: MauWithGaps;
  })[];
  /** About how many MAU the last month will have at its end, with its name, or null if there is no estimate. */
  readonly expected: { readonly name: string; readonly mau: number } | null;
  /** Levels with which people can compare the MAU: the maximum and the alert threshold. */
  readonly levels: readonly (LevelStyle & {
    readonly id: string;
    readonly label: string;
    /** The level in each month, in the order of `months`. */
    readonly mau: MauWithGaps;
  })[];
}

/** The style of a level. */
export interface LevelStyle {
  readonly color: string;
  readonly dashes: string;
}

/** The ID of the estimate's series. */
const EXPECTED = 'expected';

/** Draws the MAU by month. */
export function Graph({ height, months, lines, expected, levels }: GraphProps) {
  const text = useText(texts);
  const format = useFormat();
  const current = months.at(-1) ?? '';
  const lineOf = new Map(lines.map((line) => [line.id, line]));
  const levelOf = new Map(levels.map((level) => [level.id, level]));
  // The dashed line of the estimate begins at the total of the month before.
  const total = lineOf.get('total');
  const estimate =
    expected && total ? months.map((_, index) => [total.mau.at(-2), expected.mau][index + 2 - months.length]) : [];
  const data = months.map((month, index) => ({
    month,
    ...Object.fromEntries([...lines, ...levels].map(({ id, mau }) => [id, mau[index]])),
    [EXPECTED]: estimate[index],
  }));
  const highest = Math.max(1, expected?.mau ?? 0, ...[...lines, ...levels].flatMap(({ mau }) => mau.map(Number)));
  /** Levels are behind the lines. */
  const series = [
    ...[...levels, ...lines].map(({ id, color }) => ({ name: id, color })),
    ...(estimate.length > 0 ? [{ name: EXPECTED, color: 'var(--mantine-color-text)' }] : []),
  ];
  /**
   * The accessible name of the chart. The chart needs a name because the keyboard can focus it. This is a separate
   * object because the type of the chart's props lacks `aria-label`.
   */
  const labelled = { 'aria-label': text.graph };
  // Every month has a label. The more months share the width, the shorter the labels are.
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const areShort = months.length > (isNarrow ? 3 : 6);
  const label = (month: string) => {
    if (!areShort) return format.month(month);
    return isNarrow && months.length > 6 ? String(Number(month.slice(5))) : format.shortMonth(month);
  };
  const monthIn = ({ payload }: DotItemDotProps | ActiveDotProps) => (payload as { month: string }).month;
  return (
    <LineChart
      h={height}
      data={data}
      dataKey="month"
      series={series}
      curveType="linear"
      connectNulls={false}
      valueFormatter={(users) => format.number(users)}
      textColor="var(--mantine-color-text)"
      lineProps={({ name }) => {
        const level = levelOf.get(name);
        if (level) return { shape: Steps, strokeWidth: 2, strokeDasharray: level.dashes, dot: false, activeDot: false };
        const line = name === EXPECTED ? total : lineOf.get(name);
        if (!line) return {};
        const { color, marker, isBold } = line;
        const point = (props: DotItemDotProps | ActiveDotProps, size: number) => {
          const { cx, cy } = props;
          const month = monthIn(props);
          const key = `${name} ${month}`;
          // The estimate has a point only in the current month, and a gap has none.
          if (cx == null || cy == null || (name === EXPECTED && month !== current)) return <g key={key} />;
          return (
            <g key={key} transform={`translate(${cx} ${cy}) scale(${size})`}>
              <Marker color={color} marker={marker} isHollow={month === current} />
            </g>
          );
        };
        return {
          strokeWidth: isBold && name !== EXPECTED ? 5 : 2,
          shape: name === EXPECTED ? Projection : LineInProgress,
          dot: (props: DotItemDotProps) => point(props, 1),
          activeDot: (props: ActiveDotProps) => point(props, 1.5),
        };
      }}
      lineChartProps={{ ...labelled, margin: { top: 24, right: 8, bottom: 0, left: 0 } }}
      xAxisProps={{
        interval: 0,
        tick: ({ x, y, payload, index }: XAxisTickContentProps) => {
          const month = String(payload.value);
          const isYearShown = areShort && (index === 0 || month.endsWith('-01'));
          return (
            <MonthTick
              x={x}
              y={y}
              month={label(month)}
              below={month === current ? text.inProgress : isYearShown ? month.slice(0, 4) : undefined}
            />
          );
        },
        tickFormatter: (month: string) => format.month(month),
        height: 48,
        padding: { left: 24, right: 36 },
      }}
      yAxisProps={{ allowDecimals: false, width: 20 + 7 * format.number(highest).length }}
      tooltipProps={{
        // A month in which every line has a gap has a tooltip too.
        filterNull: false,
        // Shows the tooltip in front of the content below the graph, because the tooltip can be taller than the graph.
        wrapperStyle: { zIndex: 2 },
        content: ({ label: month }) => (
          // Screen readers announce each month that the arrow keys reach. At first, no month is selected.
          <div role="status">
            {typeof month === 'string' && month !== '' && (
              <MonthTooltip
                month={format.month(month) + (month === current ? ` (${text.inProgress})` : '')}
                isInProgress={month === current}
                mau={[
                  ...lines.map((line) => ({ ...line, mau: line.mau[months.indexOf(month)] ?? null })),
                  ...(expected && total && month === current ? [{ ...total, ...expected, id: EXPECTED }] : []),
                ]}
                levels={levels.map((level) => ({ ...level, mau: level.mau[months.indexOf(month)] ?? null }))}
              />
            )}
          </div>
        ),
      }}
    />
  );
}

/** Draws the dashed line from the month before to the estimate for the month in progress. */
function Projection({ points = [], pathRef, ...curve }: LineDrawShapeProps) {
  return <Curve {...curve} pathRef={pathRef} points={points.slice(-2)} strokeDasharray="2 4" />;
}

/** How far the first and the last step reach beyond their month, in pixels. */
const END = 20;

/** Draws a level that can change from month to month: horizontal around each month, and vertical between two months. */
function Steps({ points = [], stroke, strokeWidth, strokeDasharray }: LineDrawShapeProps) {
  const steps = points.map(({ x, y }, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (x === null || y === null) return '';
    const left = before?.x == null ? x - END : (before.x + x) / 2;
    const right = after?.x == null ? x + END : (x + after.x) / 2;
    return `${before?.y == null ? 'M' : 'L'}${left},${y}H${right}`;
  });
  return <path d={steps.join('')} fill="none" {...{ stroke, strokeWidth, strokeDasharray }} />;
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

function MonthTick({ x, y, month, below }: TickProps) {
  return (
    <text x={x} y={y} dy={16} textAnchor="middle" fontSize={12} fill="currentColor">
      <tspan x={x}>{month}</tspan>
      {below !== undefined && (
        <tspan x={x} dy="1.3em" fontStyle="italic">
          {below}
        </tspan>
      )}
    </text>
  );
}

interface TickProps {
  readonly x: number | string;
  readonly y: number | string;
  readonly month: string;
  /** The text below the month. */
  readonly below: string | undefined;
}
