/** `12.04.2019` of `2019-04-12`: a day has no time zone. */
export const dayText = (day: string): string => day.split("-").reverse().join(".");
