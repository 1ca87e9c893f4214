// g++ 12 destroys some temporaries of a co_await expression twice (docs: include/naru/task.hpp), and says nothing.
// So no brace and no bracket stands on a line with co_await: lambdas, aggregates and lists get a name before.
const comment = /\/\/.*$/;
const literal = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

// The numbers of the lines that break the rule.
export function riskyAwaits(text) {
  return text.split('\n').flatMap((line, index) => {
    const code = line.replace(literal, '""').replace(comment, '');
    return /\bco_await\b/.test(code) && !/\boperator\s+co_await\b/.test(code) && /[{[]/.test(code) ? [index + 1] : [];
  });
}
