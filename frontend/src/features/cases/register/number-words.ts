const UNITS = ["", "один", "два", "три", "чотири", "п’ять", "шість", "сім", "вісім", "дев’ять"];
const TEENS = [
  "десять",
  "одинадцять",
  "дванадцять",
  "тринадцять",
  "чотирнадцять",
  "п’ятнадцять",
  "шістнадцять",
  "сімнадцять",
  "вісімнадцять",
  "дев’ятнадцять",
];
const TENS = [
  "",
  "",
  "двадцять",
  "тридцять",
  "сорок",
  "п’ятдесят",
  "шістдесят",
  "сімдесят",
  "вісімдесят",
  "дев’яносто",
];
const HUNDREDS = [
  "",
  "сто",
  "двісті",
  "триста",
  "чотириста",
  "п’ятсот",
  "шістсот",
  "сімсот",
  "вісімсот",
  "дев’ятсот",
];

/** Three digits as they are read aloud; zeros in front are read as well, or the listener writes five digits. */
function group(digits: string): string {
  const value = Number(digits);
  if (value === 0) return [...digits].map(() => "нуль").join(" ");
  const zeros = [...digits].findIndex((digit) => digit !== "0");
  const tens = Math.floor(value / 10) % 10;
  const words = [
    ...Array.from({ length: zeros }, () => "нуль"),
    HUNDREDS[Math.floor(value / 100)],
    ...(tens === 1 ? [TEENS[value % 10]] : [TENS[tens], UNITS[value % 10]]),
  ];
  return words.filter((word) => word !== "").join(" ");
}

/** `482 917`: two groups are remembered more easily than six digits. */
export const groupsOf = (publicId: number): [string, string] => {
  const digits = publicId.toString().padStart(6, "0");
  return [digits.slice(0, 3), digits.slice(3)];
};

/** «чотириста вісімдесят два, дев’ятсот сімнадцять»: ready to be dictated. */
export const dictated = (publicId: number): string => groupsOf(publicId).map(group).join(", ");
