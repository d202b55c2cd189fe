// Reads jobs as JSON from standard input, does each with the site's scripts, prints the results.
// The scripts' folder is the first argument.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(`${process.argv[2]}/`);
const { review } = await import(new URL("studio_review.js", folder).href);
const { design, missing } = await import(new URL("studio_sketch.js", folder).href);
const { sentences } = await import(new URL("studio_words.js", folder).href);

const results = JSON.parse(readFileSync(0, "utf8")).map((job) => {
  if (job.does === "words") return sentences(job.text);
  if (job.does === "review") return review(job.asked, job.texts, job.attached, job.own);
  const drawn = design(job.text);
  return { ...drawn, missing: missing(drawn, job.needs).map(({ id }) => id) };
});
process.stdout.write(JSON.stringify(results));
