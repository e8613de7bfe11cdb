//go:build !unix

package cluster

import "os/exec"

func (c *Cluster) own() error { return nil }

func as(*exec.Cmd) {}
