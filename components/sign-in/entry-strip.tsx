const BARS = 144;
const NOW = 96;
const PITCH = 10;
const HEIGHT = 44;

/** A wink at what waits behind the door: ticks that ran, now, ticks to come. Only an ornament. */
export function EntryStrip() {
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${BARS * PITCH} ${HEIGHT}`}
      preserveAspectRatio="xMidYMax slice"
      className="block h-11 w-full"
      shapeRendering="crispEdges"
    >
      {Array.from({ length: BARS }, (_, n) => {
        if (n >= 60 && n < 64) return null;
        const height = heightOf(n);
        const isToCome = n >= NOW;
        return (
          <rect
            key={n}
            x={n * PITCH + (isToCome ? 0.5 : 0)}
            y={HEIGHT - height}
            width={isToCome ? 5 : 6}
            height={height}
            className={isToCome ? 'fill-none stroke-line-strong' : 'fill-line-strong'}
          />
        );
      })}
      <rect x={NOW * PITCH - 3} y={0} width={1} height={HEIGHT} className="fill-accent" />
    </svg>
  );
}

// Three waves that never meet again look like durations, and look the same on server and client.
function heightOf(n: number): number {
  const wave = Math.sin(n * 1.7) + Math.sin(n * 0.61 + 1) + Math.sin(n * 2.93 + 2);
  return Math.round(18 + wave * 3.5 + (n % 37 === 12 ? 10 : 0));
}
