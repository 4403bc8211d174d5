import { InvalidArgumentError } from 'commander';

/** Parser of a whole number in a range, for commander; its message names the option. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** Parser of a positive number. */
export function positiveNumber(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value <= 0 || value > max) {
      throw new InvalidArgumentError(`It must be a number above 0, at most ${max}.`);
    }
    return value;
  };
}

/** Parser of a time such as `30s`, `5m` or `1h` (a bare number is seconds), above 0 or at least `leastSeconds`; gives seconds. */
export function duration(mostSeconds: number, leastSeconds = 0): (text: string) => number {
  return (text) => {
    const [, figure, unit = 's'] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text) ?? [];
    const seconds = Number(figure) * { s: 1, m: 60, h: 3_600 }[unit as 's' | 'm' | 'h'];
    if (!(seconds > 0 && seconds >= leastSeconds && seconds <= mostSeconds)) {
      const least = leastSeconds === 0 ? '' : `at least ${leastSeconds} s, `;
      throw new InvalidArgumentError(`It must be a time such as 30s, 5m or 1h, ${least}at most ${mostSeconds} s.`);
    }
    return seconds;
  };
}
