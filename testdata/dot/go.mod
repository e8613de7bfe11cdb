module github.com/stagewall/stagewall/testdata/dot

go 1.26.0

require (
	github.com/goccy/go-graphviz v0.2.10
	github.com/stagewall/stagewall v0.0.0
)

require (
	github.com/disintegration/imaging v1.6.2 // indirect
	github.com/flopp/go-findfont v0.1.0 // indirect
	github.com/fogleman/gg v1.3.0 // indirect
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	github.com/tetratelabs/wazero v1.10.1 // indirect
	golang.org/x/image v0.21.0 // indirect
	golang.org/x/text v0.31.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
)

replace github.com/stagewall/stagewall => ../..
