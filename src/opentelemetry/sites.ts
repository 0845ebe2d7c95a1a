import {
  ATTR_CODE_FILE_PATH,
  ATTR_CODE_FUNCTION_NAME,
  ATTR_CODE_LINE_NUMBER,
} from '@opentelemetry/semantic-conventions';
import type { Attributes } from '@opentelemetry/api';
import type { AnyAsyncGenerator, AsyncGenHandle, AsyncGenSite } from '../runtime/index.js';

/** A generator function, and what is counted of its generators. */
export interface SiteCounts {
  readonly site: AsyncGenSite;
  readonly isWanted: boolean;
  readonly attributes: Attributes;
  begun: number;
  ended: number;
  abandoned: number;
  /** Of those that have ended. */
  items: number;
}

/** One for each place in the source: a function that is made anew at each call has one. */
export class Sites {
  readonly #byPrototype = new WeakMap<object, SiteCounts>();
  readonly #byPlace = new Map<string, SiteCounts>();

  constructor(private readonly isWanted: (site: AsyncGenSite) => boolean) {}

  all(): Iterable<SiteCounts> {
    return this.#byPlace.values();
  }

  /** Generators of one function have one prototype: to read the site takes longer. */
  of(gen: AnyAsyncGenerator, handle: AsyncGenHandle): SiteCounts {
    const prototype = Object.getPrototypeOf(gen) as object;
    let counts = this.#byPrototype.get(prototype);
    if (counts === undefined) this.#byPrototype.set(prototype, (counts = this.#at(handle.site)));
    return counts;
  }

  #at(site: AsyncGenSite): SiteCounts {
    const place = `${site.file}:${site.line}:${site.column}:${site.name}`;
    let counts = this.#byPlace.get(place);
    if (counts === undefined) {
      const isWanted = Boolean(this.isWanted(site));
      const zero = { begun: 0, ended: 0, abandoned: 0, items: 0 };
      counts = { site, isWanted, attributes: attributesOf(site), ...zero };
      this.#byPlace.set(place, counts);
    }
    return counts;
  }
}

export const nameOf = ({ name }: AsyncGenSite): string => name || '(anonymous)';

function attributesOf(site: AsyncGenSite): Attributes {
  return {
    [ATTR_CODE_FUNCTION_NAME]: nameOf(site),
    ...(site.file !== undefined && { [ATTR_CODE_FILE_PATH]: site.file }),
    ...(site.line !== undefined && { [ATTR_CODE_LINE_NUMBER]: site.line }),
  };
}
