/**
 * Every single edit of a source that might be a mistake, by its syntax tree.
 *
 * @module
 */
import ts from "typescript";
import { isSkipped } from "./skips.ts";

/** A part of a source and what stands there instead. */
export interface Mutant {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line of before, without indentation: it finds the mutant again after other lines have moved. */
  readonly text: string;
  /** The edit, for people and as a key. */
  readonly edit: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const K = ts.SyntaxKind;

const SWAPS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [K.EqualsEqualsEqualsToken, "!=="],
  [K.ExclamationEqualsEqualsToken, "==="],
  [K.LessThanToken, "<="],
  [K.LessThanEqualsToken, "<"],
  [K.GreaterThanToken, ">="],
  [K.GreaterThanEqualsToken, ">"],
  [K.PlusToken, "-"],
  [K.MinusToken, "+"],
  [K.AmpersandAmpersandToken, "||"],
  [K.BarBarToken, "&&"],
  [K.AmpersandToken, "|"],
  [K.BarToken, "&"],
  [K.PlusEqualsToken, "-="],
  [K.MinusEqualsToken, "+="],
  [K.AmpersandEqualsToken, "|="],
]);

const ATOMICS: Readonly<Record<string, string>> = { add: "sub", sub: "add", or: "and", and: "or" };

/** Calls whose last argument says how many to wake. */
const WAKES = /(?:\.|#)(?:notify|wake)$/;

/** Calls that say whether a compare-exchange succeeded. */
const CHANGES = /#change$/;

/** All mutants of a file, in the order of its lines; edits that come to the same text are one. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const lines = source.split("\n");
  const mutants = new Map<string, Mutant>();
  const visit = (node: ts.Node): void => {
    if (isSkipped(node, file)) return;
    for (const [part, replacement] of editsOf(node)) {
      const start = part.getStart(tree);
      const end = part.getEnd();
      const { line } = tree.getLineAndCharacterOfPosition(start);
      const edit = describe(part, replacement, source);
      mutants.set(source.slice(0, start) + replacement + source.slice(end), {
        file,
        line: line + 1,
        text: (lines[line] as string).trim(),
        edit,
        start,
        end,
        replacement,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...mutants.values()].sort((a, b) => a.start - b.start);
}

/** The edit with so much around it as tells where in the line it is. */
function describe(part: ts.Node, replacement: string, source: string): string {
  if (replacement === "{}") return `remove ${flat(part.getText())}`;
  let around = part;
  while (around.getText().length < 12 && around.parent.getText().length < 100) around = around.parent;
  if (replacement === `!(${part.getText()})`) return `negate ${flat(part.getText())}`;
  const before = source.slice(around.getStart(), part.getStart());
  const after = source.slice(part.getEnd(), around.getEnd());
  return `${flat(before + part.getText() + after)} → ${flat(before + replacement + after)}`;
}

type Edit = readonly [part: ts.Node, replacement: string];

function* editsOf(node: ts.Node): Generator<Edit> {
  if (ts.isBinaryExpression(node)) {
    const swap = SWAPS.get(node.operatorToken.kind);
    if (swap !== undefined) yield [node.operatorToken, swap];
    if (ts.isCallExpression(node.left) && node.left.expression.getText() === "Atomics.compareExchange") {
      yield [node, `(${node.left.getText()}, ${node.operatorToken.kind === K.EqualsEqualsEqualsToken})`];
    }
  } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    if (node.operator === K.PlusPlusToken) yield [node, node.getText().replace("++", "--")];
    if (node.operator === K.MinusMinusToken) yield [node, node.getText().replace("--", "++")];
  } else if (ts.isNumericLiteral(node)) {
    yield [node, String(Number(node.getText().replaceAll("_", "")) + 1)];
  } else if (node.kind === K.TrueKeyword || node.kind === K.FalseKeyword) {
    yield [node, node.kind === K.TrueKeyword ? "false" : "true"];
  } else if (ts.isIdentifier(node) && node.text === "Infinity") {
    yield [node, "1"];
  } else if (ts.isExpressionStatement(node)) {
    // What a constructor forgets is missed at once: it would only embellish the count.
    if (ts.findAncestor(node, ts.isConstructorDeclaration) === undefined) yield [node, "{}"];
  } else if (ts.isCallExpression(node)) {
    yield* editsOfCall(node);
  }
  const condition = conditionOf(node);
  if (condition !== undefined && !isEquality(condition)) yield [condition, `!(${condition.getText()})`];
}

function* editsOfCall(node: ts.CallExpression): Generator<Edit> {
  const callee = node.expression.getText();
  const other = ATOMICS[callee.replace("Atomics.", "")];
  if (callee.startsWith("Atomics.") && other !== undefined) yield [node.expression, `Atomics.${other}`];
  if (CHANGES.test(callee)) yield [node, `(${node.getText()}, true)`];
  const count = node.arguments.at(-1);
  if (!WAKES.test(callee) || count === undefined) return;
  for (const other of ["1", "Infinity"]) if (count.getText() !== other) yield [count, other];
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isForStatement(node) || ts.isConditionalExpression(node)) return node.condition;
  return undefined;
}

/** Its negation is what swapping the operator makes of it. */
function isEquality(node: ts.Expression): boolean {
  return ts.isBinaryExpression(node) && /^[!=]==$/.test(node.operatorToken.getText());
}

function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}
