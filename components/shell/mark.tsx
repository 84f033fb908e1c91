/** The mark: three bars that ran and the outline of the next. */
export function Mark({ size = 18 }: { size?: number | undefined }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 18 18"
      aria-hidden
      className="shrink-0"
      shapeRendering={size % 18 === 0 ? 'crispEdges' : undefined}
    >
      <g className="fill-ink">
        <rect x={1} y={6} width={3} height={10} rx={0.5} />
        <rect x={5.5} y={2} width={3} height={14} rx={0.5} />
        <rect x={10} y={4} width={3} height={12} rx={0.5} />
      </g>
      <rect
        x={15}
        y={8.5}
        width={2}
        height={7}
        rx={0.5}
        fill="none"
        strokeWidth={1}
        className="stroke-accent"
      />
    </svg>
  );
}
