// Package gitleaks adapts the rules and files of gitleaks (https://github.com/gitleaks/gitleaks), the long tail beside our providers.
package gitleaks
