/** Faker with a source of chance of ours, so that it holds no state of its own. */
import type { Faker } from '@faker-js/faker';
import { faker as english } from '@faker-js/faker/locale/en';

type FakerClass = new (options: { locale: unknown; randomizer: { next(): number; seed(): void } }) => Faker;

/** `next` gives numbers from 0 to below 1. Built from the English instance's own class: the package's main entry would load every locale. */
export function makeFaker(next: () => number): Faker {
  return new (english.constructor as FakerClass)({
    locale: english.rawDefinitions,
    randomizer: { next, seed: () => undefined },
  });
}
