// Values of every kind that msgpack can carry and JSON can mean, at random but the same for the same seed. No dates, no
// undefined, no NaN: a server in another language gives those back as JSON has them. No whole numbers that npm's
// encoder breaks (from 2^64 on, below -2^63).
export function* randomValues(seed, count) {
  let state = seed >>> 0 || 1;
  const below = (limit) => {  // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const edges = [0, 1, 31, 32, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53];
  const letters = ["a", "\"", "\\", "\n", "\u0000", "é", "나", "🚢", "/", "{", "]", ","];
  const size = () => [below(4), below(40), 15, 16, 31, 32, 255, 256][below(8)];
  const text = (length) => Array.from({ length }, () => letters[below(letters.length)]).join("");
  const number = () => {
    const sign = below(2) ? 1 : -1;
    const whole = edges[below(edges.length)] + below(3) - 1;
    return [sign * whole || 0, below(1000) / 8, sign * Math.exp(-below(700)), below(2 ** 31) + 0.5][below(4)];
  };
  const value = (depth) => {
    switch (below(depth > 4 ? 5 : 7)) {
      case 0:
        return [null, true, false][below(3)];
      case 1:
      case 2:
        return number();
      case 3:
        return text(size());
      case 4:
        return Buffer.from(Array.from({ length: size() }, () => below(256)));
      case 5:
        return Array.from({ length: size() % 33 }, () => value(depth + 2));
      default:
        return Object.fromEntries(Array.from({ length: size() % 20 }, (_, i) => [`${text(below(4))}${i}`, value(depth + 2)]));
    }
  };
  for (let i = 0; i < count; i++) yield value(0);
}
