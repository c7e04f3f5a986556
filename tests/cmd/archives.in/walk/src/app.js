export const gauges = [{ text: "low tide" }];
