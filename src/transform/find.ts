import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';

/** A generator function as the source has it: a declaration, an expression or a method. */
export type GeneratorFunction =
  | t.FunctionDeclaration
  | t.FunctionExpression
  | t.ObjectMethod
  | t.ClassMethod
  | t.ClassPrivateMethod;

// No alternative can stop short of where it ends: the search takes linear time on any comment.
const GAP = String.raw`(?:\s|/\*(?:[^*]|\*(?!/))*\*/|//.*(?:[\n\r\u2028\u2029]|$))*`;
const TEXT = String.raw`\basync${GAP}(?:function${GAP})?\*`;
/** Matches the text of every file that has an async generator function. */
export const ASYNC_STAR = new RegExp(TEXT);
const ASYNC_STARS = new RegExp(TEXT, 'g');
