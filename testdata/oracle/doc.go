// Package oracle compares detectors/match with the detector that it is modelled on, gitleaks' own.
//
// Both run over the same files: texts minted from every rule's expression, written in many ways, and real ones that are on every machine
// that can run the test. In the mode that Options.Gitleaks switches on they must find the same: the same rules at the same bytes,
// with the same secret and the same encodings undone. What differs nonetheless is listed in differences, with the reason. Gitleaks' lines
// and columns are turned into offsets first, its habit of counting columns from the line break before a line included, and what it
// says of a path once for every fragment counts once. Comments that allow a finding are left out: they are read elsewhere.
//
// The module is apart so that gitleaks' detector, with all that it links, is no dependency of the tool.
package oracle
