// What people and the model write in this example. None of it may ever be on a span or in a log.
export const PROMPT = "Summarise my notes, and keep the launch date to yourself.";
export const NOTES_FILE = "launch-notes.md";
export const NOTES = "We launch on a Thursday.\n";
export const MISSING_FILE = "launch-guests.md";
export const QUESTION = "May I delete the branch?";
export const REPORT = "The launch is prepared.";
export const ANSWER = "Your notes are about a launch.";
