package bench

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// residentMemory returns the octets of memory that a process and all those
// it started have resident, each shared page counted once for all who share
// it (the kernel's proportional set size where it tells, else the resident
// set).
func residentMemory(pid int) (int64, error) {
	children, err := childrenByParent()
	if err != nil {
		return 0, err
	}
	var total int64
	for queue := []int{pid}; len(queue) > 0; queue = queue[1:] {
		size, err := processMemory(queue[0])
		if err != nil && queue[0] == pid {
			return 0, err
		}
		total += size
		queue = append(queue, children[queue[0]]...)
	}
	return total, nil
}

func processMemory(pid int) (int64, error) {
	if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid)); err == nil {
		if size, ok := kilobytes(text, "Pss:"); ok {
			return size, nil
		}
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	size, _ := kilobytes(text, "VmRSS:")
	return size, nil
}

func kilobytes(text []byte, key string) (int64, bool) {
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte(key)); ok {
			n, err := strconv.ParseInt(strings.Fields(string(rest))[0], 10, 64)
			return n << 10, err == nil
		}
	}
	return 0, false
}

func childrenByParent() (map[int][]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "stat"))
		if err != nil {
			continue // it has ended meanwhile
		}
		// The name, in parentheses, may hold anything; the parent comes
		// second behind it.
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if parent, err := strconv.Atoi(fields[1]); err == nil {
			children[parent] = append(children[parent], pid)
		}
	}
	return children, nil
}

// diskUse returns the octets that a folder takes on its disk.
func diskUse(dir string) (int64, error) {
	syscall.Sync()
	var total int64
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // it was removed meanwhile
		}
		info, err := entry.Info()
		if err != nil {
			return nil
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			total += stat.Blocks * 512
		}
		return nil
	})
	return total, err
}
