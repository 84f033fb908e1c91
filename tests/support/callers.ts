import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { ADDRESS_HEADER } from '#core/auth/client-address.ts';
import { cookieName } from '#core/auth/cookie-names.ts';
import { environment } from '#core/environment.ts';
import type { Outcome } from '#core/outcome.ts';
import { prisma } from '#core/prisma.ts';
import { inRequest } from './request-context.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ORIGIN = 'http://localhost:3000';
export const CALLER_ADDRESS = '192.0.2.17';

/** A browser, signed in or not, that calls actions and routes themselves: no web server stands between. */
export type Caller = {
  headers: Headers;
  /** `name` is `app/(console)/jobs/actions.ts#triggerJobs`. */
  act(name: string, input: unknown): Promise<Outcome<unknown>>;
  /** `name` is `GET app/api/console/jobs/route.ts`. */
  ask(name: string, asked: Asked): Promise<Response>;
};

/** What a route is asked: the folders in brackets of its path, its query, its body (POST). */
export type Asked = {
  params?: Record<string, string | string[]>;
  query?: Record<string, string>;
  body?: unknown;
  /** Where it isn't the folder's own address. */
  address?: string;
};

/** Whoever has this address, with a session that is put straight into the database: hashing is slow by design. */
export async function callerOf(email: string): Promise<Caller> {
  const { id: userId } = await prisma().user.findUniqueOrThrow({ where: { email } });
  const token = randomBytes(24).toString('base64url');
  const expiresAt = new Date(Date.now() + 86_400_000);
  await prisma().session.create({ data: { id: randomUUID(), userId, token, expiresAt } });
  const { PUNCTUAL_AUTH_SECRET, PUNCTUAL_URL } = environment();
  const signature = createHmac('sha256', PUNCTUAL_AUTH_SECRET!).update(token).digest('base64');
  const value = encodeURIComponent(`${token}.${signature}`);
  return callerWith(`${cookieName('session', PUNCTUAL_URL)}=${value}`);
}

/** Somebody who isn't signed in. */
export const nobody = (): Caller => callerWith('');

function callerWith(cookie: string): Caller {
  const own = new Headers({
    host: new URL(ORIGIN).host,
    origin: ORIGIN,
    [ADDRESS_HEADER]: CALLER_ADDRESS,
    ...(cookie && { cookie }),
  });
  return {
    headers: own,
    async act(name, input) {
      const [file, action] = name.split('#') as [string, string];
      const found = (await exportsOf(file))[action];
      if (typeof found !== 'function') throw new Error(`There is no action ${name}.`);
      return inRequest(own, () => (found as (given: unknown) => Promise<Outcome<unknown>>)(input));
    },
    async ask(name, asked) {
      const [method, file] = name.split(' ') as [string, string];
      const handler = (await exportsOf(file))[method];
      if (typeof handler !== 'function') throw new Error(`There is no route ${name}.`);
      const request = requestOf(method, file, asked, own);
      const context = { params: Promise.resolve(asked.params ?? {}) };
      return inRequest(own, () =>
        (handler as (request: Request, context: unknown) => Promise<Response>)(request, context),
      );
    },
  };
}

const exportsOf = (file: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ path.join(ROOT, file));

function requestOf(method: string, file: string, asked: Asked, own: Headers): Request {
  const url = new URL(asked.address ?? `/${path.dirname(file).replace(/^app\//, '')}`, ORIGIN);
  for (const [name, value] of Object.entries(asked.query ?? {})) url.searchParams.set(name, value);
  const sent = new Headers(own);
  if (method === 'GET') return new Request(url, { headers: sent });
  sent.set('content-type', 'application/json');
  return new Request(url, { method, headers: sent, body: JSON.stringify(asked.body ?? {}) });
}

/** Every server action that there is, by name. */
export function actionsOnDisk(): string[] {
  return filesOf('app/**/*.ts')
    .filter((file) => textOf(file).startsWith("'use server';"))
    .flatMap((file) =>
      [...textOf(file).matchAll(/^export (?:const|async function) (\w+)/gm)].map(
        ([, name]) => `${file}#${name}`,
      ),
    )
    .toSorted();
}

/** Every method of every route handler that there is, by name. */
export function routesOnDisk(): string[] {
  return filesOf('app/**/route.ts')
    .flatMap((file) =>
      [
        ...textOf(file).matchAll(
          /^export (?:const|async function|function) (?<method>GET|POST|PUT|PATCH|DELETE)\b|\bas (?<as>GET|POST|PUT|PATCH|DELETE)\b/gm,
        ),
      ].map(({ groups }) => `${groups!['method'] ?? groups!['as']} ${file}`),
    )
    .toSorted();
}

/** Every command of `punctual` that there is: `backfill`, `admin reset`. */
export async function commandsOnDisk(): Promise<string[]> {
  const program = new Command();
  for (const file of filesOf('cli/*.ts')) {
    if (!/^export function register/m.test(textOf(file))) continue;
    for (const [name, register] of Object.entries(await exportsOf(file))) {
      if (name.startsWith('register')) (register as (program: Command) => void)(program);
    }
  }
  return program.commands.flatMap((command) => namesOf(command)).toSorted();
}

/** A group has no work of its own; its commands do. */
function namesOf(command: Command): string[] {
  if (command.commands.length === 0) return [command.name()];
  return command.commands.flatMap((inner) =>
    namesOf(inner).map((name) => `${command.name()} ${name}`),
  );
}

const filesOf = (pattern: string) =>
  globSync(pattern, { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'));
const textOf = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
