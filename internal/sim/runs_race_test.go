//go:build race

package sim

// runsDefault is few under the race detector, which makes each of them some
// thirty times slower.
const runsDefault = 3
