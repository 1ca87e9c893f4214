// Writes msgpack_vectors.hpp: values as JSON, as npm's notepack.io encodes them, and what becomes of them.
//   node tests/socketio/msgpack_vectors.mjs          writes the table
//   node tests/socketio/msgpack_vectors.mjs --check  fails when it is not what would be written
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { encode } = createRequire(import.meta.url)("notepack.io");
const path = fileURLToPath(new URL("msgpack_vectors.hpp", import.meta.url));
const bytes = (...all) => Buffer.from(all);
const hex = (value) => encode(value).toString("hex");

// The same bytes in both directions.
const both = [
  null, true, false, "", "a", "한국어 🚢", "\u0000\u001f\"\\/\b\f\n\r\t", "é".repeat(15), "é".repeat(16),
  0, 1, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 2 ** 53 - 1, 2 ** 53, 2 ** 60, 2 ** 63,
  -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -(2 ** 53), -(2 ** 63),
  0.5, -0.25, 1.5e-300, 5e-324, 3.141592653589793, 0.1,
  [], [[]], [[[]]], [1, "two", null, [3, [4]], {}], Array(15).fill(0), Array(16).fill(0),
  {}, { a: 1 }, { "": "" }, { b: 1, a: 2 }, { "1": 2, x: { y: [{ z: {} }] } },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'), { toString: 1, _placeholder: true, num: 0 },
  Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, i])),
  bytes(), bytes(1, 2, 255), [bytes(1), "between", { deep: [bytes(2)] }], { _placeholder: false, num: bytes(3) },
];

// What notepack.io writes for what JSON has not, and the JSON that it is to us.
const decoded = [
  undefined, [undefined], [undefined, 1, undefined], { a: undefined }, { a: 1, b: undefined, c: [undefined] },
  { only: undefined, left: 1 }, NaN, Infinity, -Infinity, -0, [NaN, -0],
  ...[0, 5, -1, 951782400000, 1795248000000, 253402300799999, 253402300800000, -62167219200000, -62167219200001, 8.64e15, -8.64e15]
    .map((time) => new Date(time)),
  [{ at: new Date(1e12) }], new Uint8Array([1, 2]).buffer, new Uint16Array([1, 2]), { f: () => 1, a: 2 },
  { toJSON: () => ["custom"] },
];

// By size alone: too large for a table.
const sized = { text: [31, 32, 255, 256, 65535, 65536], list: [15, 16, 65535, 65536], map: [15, 16, 65535, 65536], part: [0, 255, 256, 65535, 65536] };
const make = {
  text: (n) => "x".repeat(n),
  list: (n) => Array(n).fill(7),
  map: (n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 7])),
  part: (n) => Buffer.alloc(n, 7),
};

// JSON text in which binary stands as placeholder, as ours has it, and the parts beside it.
function split(value) {
  const parts = [];
  const replace = (one) => {
    const binary = one instanceof ArrayBuffer ? Buffer.from(one) : ArrayBuffer.isView(one) ? Buffer.from(one.buffer, one.byteOffset, one.byteLength) : undefined;
    if (binary) return { _placeholder: true, num: parts.push(binary.toString("hex")) - 1 };
    if (one instanceof Date || !one || typeof one !== "object" || one.toJSON) return one;
    if (Array.isArray(one)) return one.map(replace);
    const copy = Object.create(null);
    for (const [key, member] of Object.entries(one)) copy[key] = replace(member);
    return copy;
  };
  // JavaScript writes 2^60 as 1152921504606847000; the number itself ends with 6976.
  const isLarge = Number.isInteger(value) && Math.abs(value) > 2 ** 53;
  return { json: isLarge ? String(BigInt(value)) : JSON.stringify(replace(value)) ?? "null", parts };
}

const row = (value) => {
  const { json, parts } = split(value);
  return `    {R"json(${json})json",\n     {${parts.map((part) => `"${part}"`).join(", ")}},\n     "${hex(value)}"},`;
};
const sizedRow = ([kind, sizes]) =>
  sizes.map((size) => {
    const whole = encode(make[kind](size));
    return `    {"${kind}", ${size}, "${whole.subarray(0, 8).toString("hex")}", ${whole.length}},`;
  }).join("\n");

const table = `// Written by msgpack_vectors.mjs with notepack.io ${JSON.parse(readFileSync(createRequire(import.meta.url).resolve("notepack.io/package.json"))).version}: do not edit.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace naru::test {

// clang-format off
struct MsgpackVector {
  std::string_view json;
  std::vector<std::string_view> parts;  // hexadecimal, in the order of their numbers
  std::string_view msgpack;             // hexadecimal
};

// The same in both directions.
inline const std::vector<MsgpackVector> kMsgpackBothWays = {
${both.map(row).join("\n")}
};

// What JSON has not: read, never written.
inline const std::vector<MsgpackVector> kMsgpackRead = {
${decoded.map(row).join("\n")}
};

// x repeated, sevens in a list, members k0, k1, … of 7, and bytes of value 7: how it begins and how long it is.
struct MsgpackSize {
  std::string_view kind;
  std::size_t count;
  std::string_view begin;  // hexadecimal, at most 8 bytes
  std::size_t size;
};
inline constexpr MsgpackSize kMsgpackSizes[] = {
${Object.entries(sized).map(sizedRow).join("\n")}
};
// clang-format on

}  // namespace naru::test
`;

if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== table) {
    console.error("msgpack_vectors.hpp is not what msgpack_vectors.mjs writes");
    process.exit(1);
  }
} else {
  writeFileSync(path, table);
}
