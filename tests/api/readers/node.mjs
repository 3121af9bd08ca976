// Reads calendars as JavaScript programs do: ical.js is Thunderbird's engine, node-ical that of many a home display.
// Usage: node node.mjs ical.js|node-ical FOLDER FILE… (FOLDER has the node_modules); prints JSON: a list of events a file.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [name, folder, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/`));

const instant = (date) => date.toISOString().replace(".000Z", "Z");
const two = (number) => String(number).padStart(2, "0");

async function icalJs() {
  const { default: ICAL } = await import(pathToFileURL(`${folder}/node_modules/ical.js/dist/ical.js`));
  const moment = (time) => (time.isDate ? time.toString() : instant(time.toJSDate()));
  return (text) =>
    new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map((component) => {
      // Not as ICAL.Event: each of those looks through all the others.
      const value = (property) => component.getFirstPropertyValue(property);
      return {
        uid: value("uid"),
        title: value("summary"),
        start: moment(value("dtstart")),
        end: moment(value("dtend")),
        note: value("description"),
        status: value("status"),
        sequence: value("sequence"),
      };
    });
}

function nodeIcal() {
  const ical = require("node-ical");
  const text = (value) => (typeof value === "object" && value !== null ? value.val : value) ?? null;
  const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const moment = (date, event) => (event.datetype === "date" ? day(date) : instant(date));
  return (content) =>
    Object.values(ical.sync.parseICS(content))
      .filter((event) => event.type === "VEVENT")
      .map((event) => ({
        uid: event.uid,
        title: text(event.summary),
        start: moment(event.start, event),
        end: moment(event.end, event),
        note: text(event.description),
        status: event.status,
        sequence: Number(event.sequence),
      }));
}

const read = name === "ical.js" ? await icalJs() : nodeIcal();
process.stdout.write(JSON.stringify(files.map((file) => read(readFileSync(file, "utf8")))));
