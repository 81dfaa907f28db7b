package convert

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strconv"
	"testing"

	"github.com/HugoSmits86/nativewebp"
	"golang.org/x/image/webp"
)

// sample is a picture with red at the left, blue at the right, and, if it may be, a
// transparent corner at the top right.
func sample(width, height int, clear bool) *image.NRGBA {
	picture := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{200, uint8(y * 50 / height), 0, 255}
			if x >= width/2 {
				c = color.NRGBA{0, uint8(y * 50 / height), 200, 255}
			}
			if clear && x >= width/2 && y < height/2 {
				c = color.NRGBA{}
			}
			picture.SetNRGBA(x, y, c)
		}
	}
	return picture
}

func encoded(t testing.TB, format string, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	var err error
	switch format {
	case "image/gif":
		err = gif.Encode(&out, palettedOf(picture), nil)
	case "image/jpeg":
		err = jpeg.Encode(&out, picture, nil)
	case "image/png":
		err = png.Encode(&out, picture)
	case "image/webp":
		err = nativewebp.Encode(&out, picture, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func decoded(t testing.TB, format string, octets []byte) image.Image {
	t.Helper()
	decode := map[string]func([]byte) (image.Image, error){
		"image/gif":  func(b []byte) (image.Image, error) { return gif.Decode(bytes.NewReader(b)) },
		"image/jpeg": func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) },
		"image/png":  func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) },
		"image/webp": func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) },
	}
	picture, err := decode[format](octets)
	if err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return picture
}

// near reports whether a pixel has about the colour.
func near(picture image.Image, x, y int, want color.NRGBA) bool {
	got := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
	if want.A == 0 {
		return got.A == 0
	}
	off := func(a, b uint8) bool { return max(a, b)-min(a, b) > 45 }
	return got.A == 255 && !off(got.R, want.R) && !off(got.G, want.G) && !off(got.B, want.B)
}

var (
	red  = color.NRGBA{200, 25, 0, 255}
	blue = color.NRGBA{0, 25, 200, 255}
)

// The aim: every image becomes every other, in the size that is asked for, with its
// colours in their places; what is transparent stays so, or is white.
func TestImages(t *testing.T) {
	for _, from := range imageTypes {
		source := encoded(t, from, sample(60, 40, from != "image/jpeg"))
		for _, to := range imageTypes {
			for _, size := range [][2]string{{"", ""}, {"30", ""}, {"", "20"}, {"33", "44"}, {"90", ""}} {
				var p []string
				if size[0] != "" {
					p = append(p, "PIX-X", size[0])
				}
				if size[1] != "" {
					p = append(p, "pix-y", size[1])
				}
				result, err := run(t, from, source, to, p...)
				if err != nil {
					t.Errorf("%s to %s %v: %v", from, to, size, err)
					continue
				}
				width, height := 60, 40
				if x, err := strconv.Atoi(size[0]); err == nil {
					width, height = x, x*40/60
				}
				if y, err := strconv.Atoi(size[1]); err == nil {
					height = y
					if size[0] == "" {
						width = y * 60 / 40
					}
				}
				picture := decoded(t, to, result.Octets)
				if picture.Bounds().Dx() != width || picture.Bounds().Dy() != height || result.Type != to {
					t.Errorf("%s to %s %v is %s, %v", from, to, size, result.Type, picture.Bounds())
				}
				corner := blue
				if from != "image/jpeg" {
					corner = color.NRGBA{}
					if to == "image/jpeg" {
						corner = color.NRGBA{255, 255, 255, 255}
					}
				}
				if !near(picture, width/5, height/2, red) || !near(picture, width*4/5, height*4/5, blue) || !near(picture, width*4/5, height/5, corner) {
					t.Errorf("%s to %s %v: the colours are %v, %v, %v", from, to, size, picture.At(width/5, height/2), picture.At(width*4/5, height*4/5), picture.At(width*4/5, height/5))
				}
			}
		}
	}
}

// withOrientation puts an EXIF segment into a JPEG.
func withOrientation(jpeg []byte, orientation uint16) []byte {
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	exif = binary.LittleEndian.AppendUint16(exif, orientation)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return slices.Concat(jpeg[:2], segment, exif, jpeg[2:])
}

// The aim: a photograph stands upright as EXIF says, and its size is that of what is
// seen.
func TestOrientation(t *testing.T) {
	for orientation, where := range map[uint16][2][2]int{ // red and blue in tenths of width and height
		1: {{2, 5}, {8, 5}}, 2: {{8, 5}, {2, 5}}, 3: {{8, 5}, {2, 5}}, 4: {{2, 5}, {8, 5}},
		5: {{5, 2}, {5, 8}}, 6: {{5, 2}, {5, 8}}, 7: {{5, 8}, {5, 2}}, 8: {{5, 8}, {5, 2}},
	} {
		source := withOrientation(encoded(t, "image/jpeg", sample(60, 40, false)), orientation)
		for _, pixels := range []string{"", "20"} {
			var p []string
			width, height := 60, 40
			if orientation >= 5 {
				width, height = 40, 60
			}
			if pixels != "" {
				p = []string{"pix-x", pixels}
				width, height = 20, 20*height/width
			}
			result, err := run(t, "image/jpeg", source, "image/png", p...)
			if err != nil {
				t.Fatal(err)
			}
			picture := decoded(t, "image/png", result.Octets)
			b := picture.Bounds()
			at := func(where [2]int) (int, int) { return b.Dx() * where[0] / 10, b.Dy() * where[1] / 10 }
			rx, ry := at(where[0])
			bx, by := at(where[1])
			if b.Dx() != width || max(b.Dy(), height)-min(b.Dy(), height) > 1 || !near(picture, rx, ry, red) || !near(picture, bx, by, blue) {
				t.Errorf("orientation %d, %q: %v, %v, %v", orientation, pixels, b, picture.At(rx, ry), picture.At(bx, by))
			}
		}
	}
}

// animation is a GIF in which a small square moves over a red ground.
func animation(t testing.TB, frames int) []byte {
	palette := color.Palette{color.NRGBA{}, red, blue}
	all := &gif.GIF{Config: image.Config{Width: 40, Height: 20, ColorModel: palette}}
	for i := range frames {
		area := image.Rect(10*(i%4), 0, 10*(i%4)+10, 10)
		if i == 0 {
			area = image.Rect(0, 0, 40, 20)
		}
		frame := image.NewPaletted(area, palette)
		for j := range frame.Pix {
			frame.Pix[j] = uint8(1 + min(i, 1))
		}
		all.Image, all.Delay = append(all.Image, frame), append(all.Delay, 7)
		all.Disposal = append(all.Disposal, gif.DisposalPrevious-byte(2*min(1, 1-min(i, 1))))
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, all); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The aim: an animation that is scaled still moves, and each frame shows what it
// showed; anything else has its first frame.
func TestAnimations(t *testing.T) {
	source := animation(t, 3)
	if frames, pixels := countFrames(source); frames != 3 || pixels != 800+200 {
		t.Errorf("%d frames of %d pixels", frames, pixels)
	}
	result, err := run(t, "image/gif", source, "image/gif", "pix-x", "20")
	if err != nil {
		t.Fatal(err)
	}
	all, decodeErr := gif.DecodeAll(bytes.NewReader(result.Octets))
	if decodeErr != nil || len(all.Image) != 3 || all.Delay[1] != 7 || all.Config.Width != 20 || all.Config.Height != 10 {
		t.Fatalf("%v, %+v", decodeErr, all)
	}
	if !near(all.Image[0], 7, 2, red) || !near(all.Image[1], 7, 2, blue) || !near(all.Image[2], 7, 2, red) || !near(all.Image[2], 12, 2, blue) {
		t.Error("the frames do not show what they showed")
	}
	result, err = run(t, "image/gif", source, "image/png")
	if err != nil || !near(decoded(t, "image/png", result.Octets), 12, 2, red) {
		t.Errorf("%v, or the first frame is another", err)
	}
	if whole, err := run(t, "image/gif", source, "image/gif"); err != nil || !bytes.Equal(whole.Octets, source) {
		t.Errorf("what is not changed is not the same: %v", err)
	}
	long := animation(t, framesMax+1)
	if few, err := run(t, "image/gif", long, "image/gif", "pix-x", "20"); err != nil {
		t.Error(err)
	} else if n, _ := countFrames(few.Octets); n != 1 {
		t.Errorf("of a long animation %d frames are left", n)
	}
	if _, err := run(t, "image/gif", source[:len(source)-20], "image/gif", "pix-x", "20"); err == nil {
		t.Error("an animation that is cut off is read as whole")
	}
}

// The aim: an image that would fill the memory is refused before it is decoded, and
// one that is damaged at any place is refused, too.
func TestHostileImages(t *testing.T) {
	var huge bytes.Buffer
	if err := png.Encode(&huge, image.NewGray(image.Rect(0, 0, 16, 16))); err != nil {
		t.Fatal(err)
	}
	bomb := huge.Bytes()
	binary.BigEndian.PutUint32(bomb[16:], 60000)
	binary.BigEndian.PutUint32(bomb[20:], 60000)
	binary.BigEndian.PutUint32(bomb[29:], crc(bomb[12:29]))
	if _, err := run(t, "image/png", bomb, "image/jpeg"); err == nil || err.Text != "The image has too many pixels to be converted" {
		t.Errorf("%v", err)
	}
	if _, err := run(t, "image/png", encoded(t, "image/png", sample(60, 40, false)), "image/png", "pix-x", "8192", "pix-y", "8192"); err == nil || err.Params == nil {
		t.Errorf("%v", err)
	}
	for _, format := range imageTypes {
		whole := encoded(t, format, sample(30, 20, false))
		for n := 0; n < len(whole)-1; n += 1 + len(whole)/50 {
			_, _ = run(t, format, whole[:n], "image/png", "pix-x", "9")
			damaged := bytes.Clone(whole)
			damaged[n] ^= 0xff
			_, _ = run(t, format, damaged, "image/gif", "pix-y", "9")
		}
		if _, err := run(t, format, whole[:len(whole)/2], "image/png"); err == nil {
			t.Errorf("half of an %s is read", format)
		}
	}
}

// crc is the checksum of a PNG chunk.
func crc(b []byte) uint32 {
	sum := ^uint32(0)
	for _, c := range b {
		sum ^= uint32(c)
		for range 8 {
			sum = sum>>1 ^ 0xedb88320*(sum&1)
		}
	}
	return ^sum
}

// The aim: a result never depends on chance (RFC 5259 §8.2).
func TestResultsAreStable(t *testing.T) {
	source := encoded(t, "image/jpeg", sample(200, 150, false))
	for _, to := range imageTypes {
		first, err := run(t, "image/jpeg", source, to, "pix-x", "77")
		again, err2 := run(t, "image/jpeg", source, to, "pix-x", "77")
		if err != nil || err2 != nil || !bytes.Equal(first.Octets, again.Octets) {
			t.Errorf("%s: %v, %v", to, err, err2)
		}
	}
}
