// Before each test file: properties try the same cases in every run, so that one that fails fails for everybody.
// PROPERTY_SEED=random tries others, and a number repeats a run that found something.
import { configureGlobal } from 'fast-check';

const seed = process.env['PROPERTY_SEED'] ?? '1';
if (seed !== 'random') configureGlobal({ seed: Number(seed) });
