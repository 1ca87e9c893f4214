// A small animated GIF without a file: a boat that rocks on a river. Uncompressed codes, so that no encoder is needed.
const kWidth = 120;
const kHeight = 80;
const kColours = [[246, 231, 208], [18, 96, 106], [240, 179, 90], [23, 50, 58], [143, 184, 179]];
const kBits = 7;
const kClear = 1 << kBits;

export function boatGif(frames = 4) {
  const palette = Buffer.alloc(3 * kClear);
  kColours.forEach((colour, i) => palette.set(colour, 3 * i));
  const parts = [Buffer.from("GIF89a"), word(kWidth, kHeight), Buffer.from([0x80 | (kBits - 1), 0, 0]), palette,
    Buffer.from([0x21, 0xff, 11]), Buffer.from("NETSCAPE2.0"), Buffer.from([3, 1, 0, 0, 0])];
  for (let i = 0; i < frames; i++) parts.push(frame(Math.round(3 * Math.sin((2 * Math.PI * i) / frames))));
  parts.push(Buffer.from([0x3b]));
  return Buffer.concat(parts);
}

function frame(lift) {
  const codes = [];
  for (let y = 0; y < kHeight; y++) {
    for (let x = 0; x < kWidth; x++) {
      if ((y * kWidth + x) % 100 === 0) codes.push(kClear);
      codes.push(pixel(x, y + lift));
    }
  }
  codes.push(kClear + 1);
  const data = packed(codes);
  const blocks = [];
  for (let at = 0; at < data.length; at += 255) {
    const block = data.subarray(at, at + 255);
    blocks.push(Buffer.from([block.length]), block);
  }
  return Buffer.concat([Buffer.from([0x21, 0xf9, 4, 4, 15, 0, 0, 0, 0x2c]), word(0, 0, kWidth, kHeight), Buffer.from([0, kBits]), ...blocks, Buffer.from([0])]);
}

function pixel(x, y) {
  if (y > 62) return 4;
  if (y > 48 && x > 28 + (y - 48) && x < 92 - (y - 48)) return 3;
  if (y > 14 && y < 46 && x < 58 && x > 58 - (y - 14) * 0.9) return 1;
  if (y > 22 && y < 46 && x > 62 && x < 62 + (y - 22) * 0.9) return 2;
  return 0;
}

// Codes of eight bits each: with a clear code every 100 pixels the width never grows.
function packed(codes) {
  return Buffer.from(codes);
}

function word(...values) {
  const buffer = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => buffer.writeUInt16LE(value, 2 * i));
  return buffer;
}
