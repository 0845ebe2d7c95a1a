import {
  AsyncGeneratorFunctionPrototype,
  AsyncGeneratorPrototype,
  isNative,
} from './intrinsics.js';
import { FunctionRecord, type Fn } from './function-record.js';
import type { Body } from './link.js';
import { textOf } from './text.js';
import type { AnyAsyncGenerator } from '../types.js';

// Its descriptors inherit nothing: a `get` on Object.prototype would make each of them invalid.
const { defineProperty } = Object;

/**
 * Returns the visible function for a generator function: for `made` itself or, where the function
 * got its name as the only member of an object, for that member.
 *
 * A proxy has the name, the length, the prototypes and the missing `[[Construct]]` of what it
 * stands for, prints as native code, and is thirty times cheaper to make than a function that is
 * dressed up to look so (nested functions are made at each call of the outer one). Its call costs
 * some 20 ns more.
 */
export function fn(made: Fn | Record<PropertyKey, Fn>, location?: string): Fn {
  return show(typeof made === 'function' ? made : made[Reflect.ownKeys(made)[0]!]!, location);
}

/** @param own the name that the function has in its own text, if that is not the one in the source. */
function show(inner: Fn, location?: string, own?: string): Fn {
  const native = isNative(inner, AsyncGeneratorFunctionPrototype);
  if (!native) dress(inner);
  const record = new FunctionRecord(inner, location, native);
  record.own = own;
  return (record.visible = new Proxy(inner, record));
}

/**
 * As `fn`, and the same function always gives the same answer: for a function that refers to
 * itself by its own name, and for a private method.
 */
export function same(inner: Fn, location?: string, name?: string): Fn {
  // `with`, direct eval or lowered code may have put something else under its name.
  if (typeof inner !== 'function') return inner;
  let visible = visibles.get(inner);
  if (visible === undefined) {
    const own = name === undefined ? undefined : inner.name;
    if (name !== undefined) rename(inner, name);
    visibles.set(inner, (visible = show(inner, location, own)));
  }
  return visible;
}

const visibles = new WeakMap<Fn, Fn>();

/**
 * Makes `visible`, the function of a hoisted pair, look like the generator function that it stands
 * for. The record it returns is what `wrap` takes:
 *
 *     function gen(_x) {
 *       return wrap(new.target || apply(_gen, this, arguments), record || (definitions(), record));
 *     }
 */
export function define(visible: Fn, inner: Fn, location?: string, name?: string): FunctionRecord {
  const own = inner.name;
  if (name !== undefined) rename(visible, name);
  rename(inner, visible.name);
  const shown = name === undefined ? visible.name : '';
  const toString = (): string => textOf(inner, own, shown);
  defineProperty(visible, 'toString', {
    __proto__: null,
    value: toString,
    configurable: true,
    writable: true,
  } as object);
  const native = isNative(inner, AsyncGeneratorFunctionPrototype);
  dress(visible, native ? inner.prototype : undefined);
  return new FunctionRecord(visible, location, native, name);
}

/**
 * `Reflect.apply` for compiled code, where the name may mean something else. Not `_gen.apply`:
 * V8 finds no method fast on a function whose `name` was redefined (1.7 times native for a
 * generator of one item, against 1.2).
 */
export const { apply } = Reflect;

/** Wraps what the inner function of a hoisted pair returned. */
export function wrap(body: unknown, record: FunctionRecord): AnyAsyncGenerator {
  // Lowered, `new.target` is `this.constructor`, which leads to the intrinsic here.
  if (typeof body === 'function' || body === AsyncGeneratorFunctionPrototype) {
    record.construct();
  }
  return record.answer(body as Body);
}

/** Wraps what a function returned that was called where it stands. */
export function call(body: Body, location?: string): AnyAsyncGenerator {
  return new FunctionRecord(undefined, location, isNative(body, AsyncGeneratorPrototype)).answer(
    body,
  );
}

/**
 * Swaps the visible function in for the method `key` of `home`; returns `home`. What took the
 * method's place meanwhile stays: no function, a visible one or, where the place `isContested`,
 * one that is not written as an async generator method (nobody can tell of a lowered one).
 */
export function method(
  home: object,
  key: PropertyKey,
  location?: string,
  isContested?: boolean,
): object {
  const value: unknown = Object.getOwnPropertyDescriptor(home, key)?.value;
  const isMethod = isNative(value, AsyncGeneratorFunctionPrototype)
    ? Function.prototype.toString.call(value).startsWith('async')
    : typeof value === 'function' && !isContested;
  if (isMethod)
    defineProperty(home, key, { __proto__: null, value: fn(value as Fn, location) } as object);
  return home;
}

/** The innermost decorator of a method, of either kind: 2023-11 gives a context, legacy a key. */
export function decorate(location?: string) {
  return (value: Fn, context: unknown, property?: PropertyDescriptor): unknown =>
    typeof context === 'object'
      ? fn(value, location)
      : { ...property, value: fn(property!.value, location) };
}

/** ToPropertyKey, once: https://tc39.es/ecma262/#sec-topropertykey */
export const key = (value: PropertyKey): PropertyKey => Reflect.ownKeys({ [value]: 0 })[0]!;

/** Gives a plain function the prototypes of an async generator function. */
function dress(plain: Fn, prototype: unknown = Object.create(AsyncGeneratorPrototype)): void {
  Object.setPrototypeOf(plain, AsyncGeneratorFunctionPrototype);
  defineProperty(plain, 'prototype', {
    __proto__: null,
    value: prototype,
    writable: true,
  } as object);
}

function rename(fn: Fn, name: string): void {
  if (fn.name !== name) defineProperty(fn, 'name', { __proto__: null, value: name } as object);
}
