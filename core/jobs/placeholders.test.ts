import { describe, expect, it } from 'vitest';
import { JobDefinition } from './definition.ts';
import { fillTemplate, parametersIn } from './kinds/template.ts';
import { placeholdersWithoutParameter } from './placeholders.ts';

const parameters = [{ name: 'table', type: 'text' as const, default: 'users' }];

function problemsOf(work: object) {
  const { work: parsed, parameters: given } = JobDefinition.pick({
    work: true,
    parameters: true,
  }).parse({
    work,
    parameters,
  });
  return placeholdersWithoutParameter({ work: parsed, parameters: given });
}

describe('a job that uses a parameter which it doesn’t have is told so at the field', () => {
  it('of a request', () => {
    const problems = problemsOf({
      kind: 'http',
      url: 'https://example.com/{{param.table}}/{{param.tabel}}',
      headers: [
        { name: 'x-a', value: '{{param.table}}' },
        { name: 'x-b', value: '{{param.who}}' },
      ],
      body: '{{json param.what}} {{ param.spaced }}',
    });
    expect(problems.map(({ path }) => path.join('.'))).toEqual([
      'work.url',
      'work.headers.1.value',
      'work.body',
    ]);
    expect(problems[0]!.message).toContain('{{param.tabel}}');
  });

  it('of a command, and never of a script, whose text is its own', () => {
    expect(
      problemsOf({ kind: 'command', program: 'ls', args: ['{{param.table}}', '{{param.x}}'] }),
    ).toMatchObject([{ path: ['work', 'args', 1] }]);
    expect(problemsOf({ kind: 'script', text: 'echo "{{param.x}}"' })).toEqual([]);
  });
});

describe('a template', () => {
  const values = {
    parameters: { a: 'A', n: 3 },
    tick: 'T',
    from: 'F',
    to: '',
    state: '{"at": 1}',
    runId: '7',
    attempt: '2',
    jobKey: 'k',
    secrets: { TOKEN: 's"ecret' },
  };

  it('is filled in one pass, and leaves other braces alone', () => {
    const template =
      '{{param.a}}{{param.n}}{{tick}}{{from}}{{to}}{{run_id}}{{attempt}}{{job_key}}{{.Names}}{{ tick }}{{json param.a}}{{json state}}';
    expect(fillTemplate(template, values)).toEqual({
      text: 'A3TF72k{{.Names}}{{ tick }}"A""{\\"at\\": 1}"',
      problem: null,
    });
  });

  it('is no way to what every object has', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      expect(fillTemplate(`{{param.${name}}}`, values).problem).toContain(name);
    }
  });

  it('names each of its parameters once', () => {
    expect(parametersIn('{{param.a}} {{param.b}} {{json param.a}} {{tick}}')).toEqual(['a', 'b']);
  });
});
