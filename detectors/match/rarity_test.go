package match

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var trees = flag.String("trees", "", "trees to print the table of rarities of, each of which counts as much as any other, or to scan; separated by commas")

// TestRarities checks that the table is about right for the sources of Go's library.
func TestRarities(t *testing.T) {
	if *trees != "" {
		printRarities(t, strings.Split(*trees, ","))
		return
	}
	dir := filepath.Join(runtime.GOROOT(), "src", "net")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no sources: ", err)
	}
	far, all := 0.0, 0.0
	for a, row := range sharesOf(t, []string{dir}) {
		for b, share := range row {
			all += share
			if math.Abs(rarity(share/bytesOf(a)/bytesOf(b))-float64(strings.IndexByte(rarityScale, rarities[a*kindsOfBytes+b]))) > 4 {
				far += share
			}
		}
	}
	if far > all/5 {
		t.Errorf("%.0f %% of the pairs are four times as frequent or rare as the table has it", 100*far/all)
	}
}

func printRarities(t *testing.T, dirs []string) {
	for a, row := range sharesOf(t, dirs) {
		line := ""
		for b, share := range row {
			line += string(rarityScale[int(min(rarity(share/bytesOf(a)/bytesOf(b)), float64(len(rarityScale)-1)))])
		}
		fmt.Printf("\t%q +\n", line)
	}
}

func rarity(share float64) float64 { return -2 * math.Log2(max(share, 1e-9)) }

// sharesOf returns the share of pairs of each two kinds among all pairs of bytes in the trees' texts.
func sharesOf(t *testing.T, dirs []string) (shares [kindsOfBytes][kindsOfBytes]float64) {
	for _, dir := range dirs {
		var count [kindsOfBytes][kindsOfBytes]int
		total := 0
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil || bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 {
				return err
			}
			for i := range max(len(data)-1, 0) {
				count[kindsByByte[data[i]]][kindsByByte[data[i+1]]]++
				total++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for a := range count {
			for b, n := range count[a] {
				shares[a][b] += float64(n) / float64(total) / float64(len(dirs))
			}
		}
	}
	return shares
}

// bytesOf returns how many bytes are of a kind, where both cases of a letter are one.
func bytesOf(kind int) float64 {
	n := 0.0
	for c, k := range kindsByByte {
		if int(k) == kind && upper(byte(c)) == byte(c) {
			n++
		}
	}
	return n
}
