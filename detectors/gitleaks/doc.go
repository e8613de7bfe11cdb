// Package gitleaks reads what gitleaks (https://github.com/gitleaks/gitleaks) reads: its own rules, the long tail beside our providers,
// users' .gitleaks.toml, .gitleaksignore, and reports as baselines.
//
// The rules are the text that the pinned module carries; they are parsed here. The module's own loader is not used: it counts
// extensions in a package variable that it never resets, so that the third configuration that a process loads silently has no
// default rules, and it panics on expressions that RE2 does not accept. Here nothing is remembered between calls, and whatever a
// file says ends in a result or an error that names the line.
//
// What a rule means is up to detectors/match.
package gitleaks
