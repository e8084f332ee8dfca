// Conditions on what a page says of itself. Pure; the server has the same rules.

// Numbers as people write them: 49.9, "49,90", "€ 1.234,50". NaN where there is none.
export const readAmount = (value) => {
  let plain = String(value ?? "").replace(/[^\d.,-]/g, "").replace(/^[.,]+|[.,]+$/g, "");
  if (!/^-?\d+(\.\d+)?$/.test(plain)) {
    const [comma, dot] = [plain.lastIndexOf(","), plain.lastIndexOf(".")];
    const last = Math.max(comma, dot);
    const isDecimal =
      (comma >= 0 && dot >= 0) || (plain.split(",").length == 2 && plain.length - last <= 3);
    const whole = (isDecimal ? plain.slice(0, last) : plain).replace(/[.,]/g, "");
    plain = isDecimal ? `${whole}.${plain.slice(last + 1)}` : whole;
  }
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
};

const ways = {
  __proto__: null,
  is: (said, wanted, isSaid) => isSaid && said == wanted,
  is_not: (said, wanted) => said != wanted,
  contains: (said, wanted, isSaid) => isSaid && said.includes(wanted),
  at_least: (said, wanted) => readAmount(said) >= readAmount(wanted),
  at_most: (said, wanted) => readAmount(said) <= readAmount(wanted),
};

export const meetsAll = (conditions = [], values = {}) =>
  conditions.every(([name, how, wanted]) =>
    ways[how](String(values[name] ?? ""), wanted, values[name] != null),
  );
