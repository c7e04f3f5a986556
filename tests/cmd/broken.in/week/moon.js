export function moon(day) {
  return { full: day === 15 };
}
