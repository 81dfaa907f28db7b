package convert

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// imageFile is what the beginning of an image tells of it.
type imageFile struct {
	format        string
	width, height int
	orientation   int // as EXIF has it; 0 if it does not
}

// turned reports whether width and height change places when it is seen.
func (f imageFile) turned() bool { return f.orientation >= 5 && f.orientation <= 8 }

// inspect looks at an image before it is decoded: what it really is, whatever its
// type says, and whether memory can hold it.
func inspect(octets []byte) (imageFile, error) {
	var file imageFile
	var config image.Config
	var err error
	each := 0 // octets of a pixel that its colours do not tell
	in := bytes.NewReader(octets)
	switch {
	case bytes.HasPrefix(octets, []byte("GIF8")):
		file.format = "image/gif"
		config, err = gif.DecodeConfig(in)
	case bytes.HasPrefix(octets, []byte("\xff\xd8")):
		file.format = "image/jpeg"
		config, err = jpeg.DecodeConfig(in)
		var progressive bool
		file.orientation, progressive = inspectJPEG(octets)
		if progressive { // all coefficients are kept until its end
			each = 15
		}
	case bytes.HasPrefix(octets, []byte("\x89PNG")):
		file.format = "image/png"
		config, err = png.DecodeConfig(in)
	case len(octets) > 12 && string(octets[:4]) == "RIFF" && string(octets[8:12]) == "WEBP":
		file.format = "image/webp"
		config, err = webp.DecodeConfig(in)
		each = 8
	default:
		return file, fail("The part is no image of a kind that is known")
	}
	if err != nil {
		return file, failBecause(errUnreadable, err)
	}
	file.width, file.height = config.Width, config.Height
	if config.Width <= 0 || config.Height <= 0 {
		return file, fail(errUnreadable)
	}
	if each = max(each, pixelOctets(config.ColorModel)); config.Width > pixelOctetsMax/each/config.Height {
		return file, fail("The image has too many pixels to be converted")
	}
	return file, nil
}

// pixelOctets is how many octets a decoded pixel takes.
func pixelOctets(model color.Model) int {
	switch model {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := model.(color.Palette); ok {
		return 1
	}
	return 4
}

// inspectJPEG walks the segments of a JPEG up to its picture, for the orientation
// that EXIF gives, and for how the picture is stored.
func inspectJPEG(octets []byte) (orientation int, progressive bool) {
	for at := 2; at+4 <= len(octets) && octets[at] == 0xff; {
		marker := octets[at+1]
		if marker == 0xff || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 { // no length follows
			at++
			if marker != 0xff {
				at++
			}
			continue
		}
		size := int(binary.BigEndian.Uint16(octets[at+2:]))
		if size < 2 || at+2+size > len(octets) {
			break
		}
		segment := octets[at+4 : at+2+size]
		switch marker {
		case 0xe1:
			if exif, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && orientation == 0 {
				orientation = exifOrientation(exif)
			}
		case 0xc2:
			progressive = true
		case 0xda: // the picture
			return orientation, progressive
		}
		at += 2 + size
	}
	return orientation, progressive
}

// exifOrientation finds the orientation in the first directory of a TIFF header.
func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		const orientationTag, short = 0x0112, 3
		if order.Uint16(entries) == orientationTag && order.Uint16(entries[2:]) == short {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 0
}

// countFrames counts the frames of a GIF and their pixels, without decoding them.
func countFrames(octets []byte) (frames, pixels int) {
	if len(octets) < 13 {
		return 0, 0
	}
	colours := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	for at := 13 + colours(octets[10]); at < len(octets); {
		switch octets[at] {
		case '!':
			at += 2
		case ',':
			if at+10 > len(octets) {
				return frames, pixels
			}
			frames++
			pixels += int(binary.LittleEndian.Uint16(octets[at+5:])) * int(binary.LittleEndian.Uint16(octets[at+7:]))
			at += 10 + colours(octets[at+9]) + 1
		default:
			return frames, pixels
		}
		for at < len(octets) && octets[at] != 0 {
			at += 1 + int(octets[at])
		}
		at++
	}
	return frames, pixels
}
