import ReactMarkdown, { type Components } from 'react-markdown';

/** Notes as people write them: no HTML of their own, and links that lead to http(s) alone. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="grid max-w-[72ch] gap-3 text-body">
      <ReactMarkdown skipHtml components={components} urlTransform={httpOnly}>
        {text}
      </ReactMarkdown>
    </div>
  );
}

/** An address that isn't http(s) leads nowhere. */
function httpOnly(url: string): string {
  try {
    return /^https?:$/.test(new URL(url).protocol) ? url : '';
  } catch {
    return '';
  }
}

// The page's own headings stand above the notes: whatever levels theirs have, they come one below.
const heading: Components['h1'] = ({ children }) => <h3 className="text-head">{children}</h3>;
const minorHeading: Components['h1'] = ({ children }) => (
  <h3 className="text-table font-medium">{children}</h3>
);

const components: Components = {
  h1: heading,
  h2: heading,
  h3: minorHeading,
  h4: minorHeading,
  h5: minorHeading,
  h6: minorHeading,
  p: ({ children }) => <p className="text-pretty">{children}</p>,
  ul: ({ children }) => <ul className="grid list-disc gap-1 pl-5">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="grid list-decimal gap-1 pl-5">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => (
    <blockquote className="border-l-2 border-line-strong pl-3 text-ink-2">{children}</blockquote>
  ),
  code: ({ children }) => <code className="font-mono text-[0.9286em]">{children}</code>,
  pre: ({ children }) => (
    <pre className="overflow-x-auto rounded-box bg-sunk px-3 py-2 font-mono text-log">
      {children}
    </pre>
  ),
  a: ({ href, children }) =>
    href ? (
      <a
        href={href}
        rel="noopener noreferrer nofollow"
        target="_blank"
        className="text-accent underline underline-offset-[3px]"
      >
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  // A picture would be fetched from another host, which the page's policy forbids: its words stay.
  img: ({ alt }) => <span className="text-ink-3">{alt}</span>,
  hr: () => <hr className="border-line" />,
};
