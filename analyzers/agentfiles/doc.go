// Package agentfiles reads what coding agents are given: their settings, the servers that they start, and their instructions.
//
// A session of an agent is a unit. Whoever is at work on a staging task works in it, so it stands in development and in staging. It
// stands at its settings file, one unit for each; where no tool that reads some instructions has a settings file, the session stands
// at the instructions. A session gets
//
//   - the environment that its settings define, as do the commands that it runs;
//   - what its servers are started with (the Model Context Protocol's env, args and headers) and what its hooks run;
//   - its instructions, which are part of every session of the tools that read them: a token in one is loaded;
//   - the checkout: it sees every file, whether git tracks it or not.
//
// # What it may do unasked, and what is denied
//
// Permissions are evidence on the unit, no path of their own: a person asked for the tenth time says yes. A rule that denies reading a
// file is credited only where nothing else can read it. Of the tools known here that is so for two:
//
//   - Claude Code, if its file tools are denied the file, and Bash is denied too or runs in a sandbox without a way out. The file tools
//     go by permission rules, the sandbox holds commands (https://code.claude.com/docs/en/sandboxing).
//   - Gemini, by .geminiignore, if its shell tool is excluded.
//
// Other ignore files are read and said, but a terminal opens what they list; Cursor's documents say so of .cursorignore
// (https://cursor.com/docs/reference/ignore-file.md).
package agentfiles
