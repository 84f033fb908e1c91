import { followParameters, isSameValues } from '#core/jobs/followed-parameters.ts';
import type { JobDefinition } from '#core/jobs/definition.ts';
import type { Parameter, ParameterValues } from '#core/jobs/parameters.ts';
import type { Definition } from './definitions.ts';
import type { LogSink, ParameterChange, ParameterFeed } from './kinds/kind.ts';

/** What a running attempt was told of its job's parameters, from the revision that it runs on. */
export class ToldParameters implements ParameterFeed {
  readonly jobId: number;
  readonly #first: { parameters: readonly Parameter[]; values: ParameterValues };
  readonly #log: Pick<LogSink, 'note'>;
  readonly #onChange: (definition: JobDefinition, values: ParameterValues) => void;
  #revision: number;
  #values: ParameterValues;
  #change: ParameterChange | null = null;
  #listener: (change: ParameterChange) => void = () => {};

  constructor(
    run: { jobId: number; revision: number },
    parameters: readonly Parameter[],
    values: ParameterValues,
    log: Pick<LogSink, 'note'>,
    /** Before anybody is told. */
    onChange: (definition: JobDefinition, values: ParameterValues) => void = () => {},
  ) {
    this.jobId = run.jobId;
    this.#revision = run.revision;
    this.#first = { parameters, values };
    this.#values = values;
    this.#log = log;
    this.#onChange = onChange;
  }

  /** The newest revision that it was held against. */
  get revision(): number {
    return this.#revision;
  }

  listen(listener: (change: ParameterChange) => void): void {
    this.#listener = listener;
    if (this.#change) listener(this.#change);
  }

  /** Passes on what a newer revision means for this run; one that asks for no telling is passed over. */
  hold(revision: number, definition: Definition): void {
    if (revision <= this.#revision) return;
    this.#revision = revision;
    if (!definition.ok || !definition.value.tellParameters) return;
    const { parameters, values } = this.#first;
    const followed = followParameters(parameters, values, definition.value.parameters);
    if (!followed.ok) {
      const problems = followed.problems.map(({ message }) => message).join(' ');
      this.#log.note(`The parameters of revision ${revision} don’t fit this run: ${problems}`);
      return;
    }
    if (isSameValues(followed.values, this.#values)) return;
    this.#values = followed.values;
    this.#onChange(definition.value, followed.values);
    this.#change = { revision, parameters: followed.values };
    this.#listener(this.#change);
  }
}
