package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// entry is a file to be packed.
type entry struct{ name, text string }

func zipped(entries ...entry) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, _ := w.Create(e.name)
		io.WriteString(f, e.text)
	}
	w.Close()
	return b.String()
}

func tarred(entries ...entry) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		w.WriteHeader(&tar.Header{Name: e.name, Size: int64(len(e.text)), Mode: 0o600, Typeflag: tar.TypeReg})
		io.WriteString(w, e.text)
	}
	w.WriteHeader(&tar.Header{Name: "link", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink})
	w.Close()
	return b.String()
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func zstandard(text string) string {
	var b bytes.Buffer
	w, _ := zstd.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

// by packs with a program, if it is there.
func by(t *testing.T, program, text string) string {
	t.Helper()
	cmd := exec.Command(program, "-c")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.Output()
	if err != nil {
		t.Skip(err)
	}
	return string(out)
}

// walk returns what is in an archive, and the gaps.
func walk(t *testing.T, data string, limits Limits, seekable bool) (files, gaps []string) {
	t.Helper()
	in := Input{Path: "a", Size: int64(len(data)), Reader: strings.NewReader(data)}
	if seekable {
		in.At = strings.NewReader(data)
	}
	found, err := Walk(context.Background(), in, limits, func(path string, r io.Reader) error {
		text, err := io.ReadAll(r)
		if err != nil {
			text = []byte(err.Error())
		}
		files = append(files, path+"="+string(text))
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for _, g := range found {
		gaps = append(gaps, g.Path+": "+g.Says)
	}
	return files, gaps
}

func TestWalk(t *testing.T) {
	a, b := entry{"x/a.txt", "A"}, entry{"b.txt", "B"}
	for _, test := range []struct {
		name, data string
		want       []string
	}{
		{"zip", zipped(a, b), []string{"a!x/a.txt=A", "a!b.txt=B"}},
		{"tar", tarred(a, b), []string{"a!x/a.txt=A", "a!b.txt=B"}},
		{"gzip", gzipped("A"), []string{"a=A"}},
		{"tar in gzip", gzipped(tarred(a)), []string{"a!x/a.txt=A"}},
		{"zstd", zstandard("A"), []string{"a=A"}},
		{"tar in zstd", zstandard(tarred(a)), []string{"a!x/a.txt=A"}},
		{"zip in tar in gzip in zip", zipped(entry{"l.tgz", gzipped(tarred(entry{"m.zip", zipped(a)}))}), []string{"a!l.tgz!m.zip!x/a.txt=A"}},
		{"gzip in gzip", gzipped(gzipped("A")), []string{"a=A"}},
		{"names that lead elsewhere", tarred(entry{"../../etc/passwd", "1"}, entry{"/root/x", "2"}, entry{`..\w`, "3"}, entry{"a/../../b\n\x1b[31m", "4"}),
			[]string{"a!etc/passwd=1", "a!root/x=2", "a!w=3", "a!b\ufffd\ufffd[31m=4"}},
		{"the same of a zip", zipped(entry{"../../etc/passwd", "1"}, entry{"/root/x", "2"}), []string{"a!etc/passwd=1", "a!root/x=2"}},
		{"an empty zip", zipped(), nil},
	} {
		for _, seekable := range []bool{true, false} {
			got, gaps := walk(t, test.data, Usual(4), seekable)
			if !slices.Equal(got, test.want) || len(gaps) > 0 {
				t.Errorf("%s: %q, gaps %q", test.name, got, gaps)
			}
		}
	}
	for _, program := range []string{"xz", "bzip2"} {
		t.Run(program, func(t *testing.T) {
			got, gaps := walk(t, by(t, program, tarred(a)), Usual(1), false)
			if !slices.Equal(got, []string{"a!x/a.txt=A"}) || len(gaps) > 0 {
				t.Errorf("%q, gaps %q", got, gaps)
			}
		})
	}
}

func TestGaps(t *testing.T) {
	many := make([]entry, 20)
	for i := range many {
		many[i] = entry{fmt.Sprint(i), "text"}
	}
	zeros := strings.Repeat("\x00", 1<<20)
	encrypted := []byte(zipped(entry{"e", "text"}, entry{"f", "plain"}))
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	inner := zipped(entry{"x", "X"})
	broken := inner[:len(inner)-30]
	tight := Limits{Depth: 2, Members: 10, Bytes: 1 << 30, Ratio: 100, Slack: 1 << 16, Memory: 1 << 20}
	small := tight
	small.Bytes = 1 << 12
	for _, test := range []struct {
		name, data string
		limits     Limits
		files      int
		gap        string
	}{
		{"too many files in a zip", zipped(many...), tight, 10, "more than 10 files"},
		{"too many files in a tar", tarred(many...), tight, 10, "more than 10 files"},
		{"too deep", zipped(entry{"b", zipped(entry{"c", zipped(entry{"d", "D"})})}), tight, 0, "nested deeper than 2"},
		{"too much", zipped(entry{"x", strings.Repeat("abcdefgh", 1<<10)}), small, 1, "more than 4096 bytes"},
		{"a ratio that nobody needs", gzipped(zeros), tight, 1, "more than 100 times its size"},
		{"the same in a zip in a zip", zipped(entry{"b", zipped(entry{"c", zeros})}), tight, 1, "more than 100 times its size"},
		{"gzip in gzip in gzip", gzipped(gzipped(gzipped("A"))), tight, 0, "nested deeper than 2"},
		{"a broken inner archive, and a file behind it", tarred(entry{"b", broken}, entry{"c", "C"}), tight, 1, "could not be read to its end"},
		{"an end that is missing", gzipped(strings.Repeat("a", 100))[:20], tight, 1, ""},
		{"a tar that is cut off", tarred(entry{"a", strings.Repeat("a", 2000)})[:1500], tight, 1, "could not be read to its end"},
		{"a member that is encrypted", string(encrypted), tight, 1, "encrypted"},
		{"no zip at all", "PK\x03\x04 and so on", tight, 0, "could not be read to its end"},
	} {
		for _, seekable := range []bool{true, false} {
			files, gaps := walk(t, test.data, test.limits, seekable)
			if len(files) != test.files || !strings.Contains(strings.Join(gaps, "\n"), test.gap) || test.gap == "" && len(gaps) > 0 {
				t.Errorf("%s: %d files, gaps %q", test.name, len(files), gaps)
			}
		}
	}
}

// TestVisitFails: what goes wrong at the caller's is the caller's.
func TestVisitFails(t *testing.T) {
	mine := errors.New("mine")
	for _, data := range []string{zipped(entry{"a", "A"}, entry{"b", "B"}), tarred(entry{"a", "A"}, entry{"b", "B"})} {
		n := 0
		_, err := Walk(context.Background(), Input{Path: "a", Size: -1, Reader: strings.NewReader(data)}, Usual(1), func(string, io.Reader) error {
			n++
			return mine
		})
		if err != mine || n != 1 {
			t.Errorf("%v after %d files", err, n)
		}
	}
}

// FuzzWalk: whatever stands in an archive, the limits hold, no path leads out of it, and reading ends.
func FuzzWalk(f *testing.F) {
	a := entry{"x/a.txt", "A"}
	for _, seed := range []string{
		zipped(a, a), tarred(a, a), gzipped(tarred(a)), zstandard(zipped(a)), zipped(entry{"b.tgz", gzipped(tarred(a))}), "BZh91AY&SY", "\xfd7zXZ\x00", "",
	} {
		f.Add([]byte(seed))
	}
	limits := Limits{Depth: 3, Members: 50, Bytes: 1 << 20, Ratio: 100, Slack: 1 << 16, Memory: 1 << 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, at := range []io.ReaderAt{nil, bytes.NewReader(data)} {
			n, total := 0, int64(0)
			_, err := Walk(context.Background(), Input{Path: "a", Size: int64(len(data)), Reader: bytes.NewReader(data), At: at}, limits, func(path string, r io.Reader) error {
				n++
				read, _ := io.Copy(io.Discard, r)
				total += read
				if path != "a" && !strings.HasPrefix(path, "a!") || strings.Contains("/"+strings.ReplaceAll(path, "!", "/")+"/", "/../") || strings.ContainsAny(path, "\n\x1b\\") {
					t.Errorf("a member is called %q", path)
				}
				return nil
			})
			if err != nil || n > limits.Members || total > limits.Bytes+int64(len(data))+1<<16 {
				t.Errorf("%v, %d files, %d bytes", err, n, total)
			}
		}
	})
}
