package convert

import (
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"slices"
)

// palettedOf returns an image in at most 256 colours, one of them transparent if
// something shines through it. It takes the colours that the image has, or, if they
// are too many, the means of groups that lie close together, and then dithers.
func palettedOf(picture image.Image) *image.Paletted {
	if paletted, ok := picture.(*image.Paletted); ok {
		return paletted
	}
	bounds := picture.Bounds()
	pixels, ok := picture.(*image.RGBA)
	if !ok {
		pixels = image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
		draw.Draw(pixels, pixels.Bounds(), picture, bounds.Min, draw.Src)
		bounds = pixels.Bounds()
	}
	colours, clear := histogram(pixels)
	most := 256
	if clear {
		most--
	}
	palette, exact := paletteOf(colours, most)
	paletted := image.NewPaletted(image.Rect(0, 0, bounds.Dx(), bounds.Dy()), palette)
	if exact {
		draw.Draw(paletted, paletted.Bounds(), pixels, bounds.Min, draw.Src)
	} else {
		draw.FloydSteinberg.Draw(paletted, paletted.Bounds(), pixels, bounds.Min)
	}
	if clear {
		paletted.Palette = append(palette, color.RGBA{})
		clearPixels(paletted, pixels, uint8(len(palette)))
	}
	return paletted
}

// clearPixels makes transparent what mostly is: GIF knows nothing between.
func clearPixels(paletted *image.Paletted, pixels *image.RGBA, clear uint8) {
	bounds := pixels.Bounds()
	for y := range bounds.Dy() {
		row := pixels.Pix[pixels.PixOffset(bounds.Min.X, bounds.Min.Y+y):]
		for x := range bounds.Dx() {
			if row[4*x+3] < 128 {
				paletted.Pix[paletted.PixOffset(x, y)] = clear
			}
		}
	}
}

// shade is a colour of fifteen bits with the sum of what falls into it.
type shade struct {
	count      uint64
	r, g, b    uint64
	first      color.RGBA
	several    bool
	kr, kg, kb uint8
}

// histogram counts the colours of an image by their upper five bits, in order, and
// reports whether some pixels are transparent.
func histogram(pixels *image.RGBA) (shades []shade, clear bool) {
	table := make([]shade, 1<<15)
	bounds := pixels.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		row := pixels.Pix[pixels.PixOffset(bounds.Min.X, y):][:4*bounds.Dx()]
		for ; len(row) >= 4; row = row[4:] {
			r, g, b, a := row[0], row[1], row[2], row[3]
			if a < 128 {
				clear = true
				continue
			}
			if a < 255 { // GIF has no half transparency
				r, g, b = uint8(int(r)*255/int(a)), uint8(int(g)*255/int(a)), uint8(int(b)*255/int(a))
			}
			s := &table[int(r>>3)<<10|int(g>>3)<<5|int(b>>3)]
			c := color.RGBA{r, g, b, 255}
			if s.count == 0 {
				s.first, s.kr, s.kg, s.kb = c, r>>3, g>>3, b>>3
			}
			s.several = s.several || s.first != c
			s.count++
			s.r, s.g, s.b = s.r+uint64(r), s.g+uint64(g), s.b+uint64(b)
		}
	}
	return slices.DeleteFunc(table, func(s shade) bool { return s.count == 0 }), clear
}

// paletteOf chooses at most most colours, by cutting the group with the widest
// range of one colour at its median until there are enough groups.
func paletteOf(shades []shade, most int) (palette color.Palette, exact bool) {
	if len(shades) == 0 {
		return color.Palette{color.RGBA{0, 0, 0, 255}}, true
	}
	exact = len(shades) <= most && !slices.ContainsFunc(shades, func(s shade) bool { return s.several })
	groups := []group{newGroup(shades)}
	for len(groups) < most {
		widest := 0
		for i := range groups {
			if groups[i].score() > groups[widest].score() {
				widest = i
			}
		}
		if groups[widest].score() == 0 {
			break
		}
		left, right := groups[widest].cut()
		groups[widest] = left
		groups = append(groups, right)
	}
	for _, g := range groups {
		palette = append(palette, g.mean())
	}
	return palette, exact
}

// group is some shades that share a place in the palette.
type group struct {
	shades  []shade
	channel int // which colour ranges widest
	span    int
	count   uint64
}

func newGroup(shades []shade) group {
	g := group{shades: shades}
	low, high := [3]uint8{31, 31, 31}, [3]uint8{}
	for i := range shades {
		for c := range 3 {
			v := shades[i].channel(c)
			low[c], high[c] = min(low[c], v), max(high[c], v)
		}
		g.count += shades[i].count
	}
	for c := range 3 {
		if span := int(high[c]) - int(low[c]); span > g.span {
			g.channel, g.span = c, span
		}
	}
	return g
}

func (s *shade) channel(c int) uint8 { return [...]uint8{s.kr, s.kg, s.kb}[c] }

// score is how much a group wants to be cut; 0 if it cannot be.
func (g *group) score() uint64 { return uint64(g.span) * g.count }

func (g *group) cut() (left, right group) {
	slices.SortStableFunc(g.shades, func(a, b shade) int { return cmp.Compare(a.channel(g.channel), b.channel(g.channel)) })
	at, seen := 0, uint64(0)
	for at < len(g.shades)-1 && (seen < g.count/2 || at == 0) {
		seen += g.shades[at].count
		at++
	}
	return newGroup(g.shades[:at]), newGroup(g.shades[at:])
}

func (g *group) mean() color.RGBA {
	var r, gr, b uint64
	for i := range g.shades {
		r, gr, b = r+g.shades[i].r, gr+g.shades[i].g, b+g.shades[i].b
	}
	return color.RGBA{uint8(r / g.count), uint8(gr / g.count), uint8(b / g.count), 255}
}
