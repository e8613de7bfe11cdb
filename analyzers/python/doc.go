// Package python reads Python: what code loads, reads, imports and hands on.
//
// A file is a program. It is a unit of its own, of kind "script", if it is made to be run: its first line names an interpreter, it asks
// whether it is __main__, or it lies in a folder of scripts (scripts, script, bin, tools); tests are none.
//
// The words and lines of the file are read, not a syntax tree. Values are followed through names, attributes of self, parameters of
// functions that are called in the file, results, formatting and concatenation, and from module to module through imports. What is
// computed otherwise has an unknown text but keeps the tokens that went into it.
//
//   - os.environ and os.getenv; environs, django-environ and decouple by the names that they are asked for; settings classes of pydantic
//   - python-dotenv and its relatives, by their own rule of overriding
//   - imports, beside the file and below the folders around it; Django's settings module
//   - files that are opened
//   - secrets that are looked up by name in the stores of AWS and Google Cloud, with their libraries, by what the names come to
//   - requests: address, method, headers, GraphQL fields; clients of services, by what they are made with
//   - commands: read as shell
//   - comparisons of a value with words and early exits guard what they stand before, and the values that they choose
//
// Most files take nothing in. If a scan asks for no more than a glance, such a file is left at an outline of what it imports.
package python
