package convert

import (
	"image"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// scale makes an image of a size. It first takes the mean of whole pixels while
// the image is at least twice as large as it shall be, which costs one look at each
// pixel and little memory, and does the rest between neighbours.
func scale(picture image.Image, width, height int) image.Image {
	bounds := picture.Bounds()
	if bounds.Dx() == width && bounds.Dy() == height {
		return picture
	}
	across, down := max(1, bounds.Dx()/width), max(1, bounds.Dy()/height)
	if across > 1 || down > 1 {
		picture = shrink(picture, across, down)
		bounds = picture.Bounds()
	}
	if bounds.Dx() == width && bounds.Dy() == height {
		return picture
	}
	scaled := image.NewRGBA(image.Rect(0, 0, width, height))
	xdraw.ApproxBiLinear.Scale(scaled, scaled.Bounds(), picture, bounds, xdraw.Src, nil)
	return scaled
}

// shrink makes one pixel of the mean of across times down. What is left over at the
// right and at the bottom belongs to the last pixels.
func shrink(picture image.Image, across, down int) *image.RGBA {
	bounds := picture.Bounds()
	width, height := bounds.Dx()/across, bounds.Dy()/down
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	strip := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), 2*down))
	for y := range height {
		rows := down
		if y == height-1 {
			rows = bounds.Dy() - y*down
		}
		area := image.Rect(0, 0, bounds.Dx(), rows)
		draw.Draw(strip, area, picture, image.Pt(bounds.Min.X, bounds.Min.Y+y*down), draw.Src)
		for x := range width {
			columns := across
			if x == width-1 {
				columns = bounds.Dx() - x*across
			}
			mean(small.Pix[small.PixOffset(x, y):], strip, x*across, columns, rows)
		}
	}
	return small
}

// mean writes the mean colour of a part of a strip.
func mean(pixel []byte, strip *image.RGBA, x, columns, rows int) {
	var sums [4]uint64
	for y := range rows {
		at := strip.PixOffset(x, y)
		for _, row := at, strip.Pix[at:at+4*columns]; len(row) >= 4; row = row[4:] {
			sums[0] += uint64(row[0])
			sums[1] += uint64(row[1])
			sums[2] += uint64(row[2])
			sums[3] += uint64(row[3])
		}
	}
	n := uint64(rows * columns)
	for i := range sums {
		pixel[i] = byte((sums[i] + n/2) / n)
	}
}

// orient turns and mirrors an image as its EXIF orientation says: 1 is upright.
func orient(picture image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return picture
	}
	bounds := picture.Bounds()
	from := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(from, from.Bounds(), picture, bounds.Min, draw.Src)
	width, height := bounds.Dx(), bounds.Dy()
	size := image.Rect(0, 0, width, height)
	if orientation >= 5 {
		size = image.Rect(0, 0, height, width)
	}
	to := image.NewRGBA(size)
	for y := range height {
		for x := range width {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = width - 1 - x
			case 3:
				tx, ty = width-1-x, height-1-y
			case 4:
				ty = height - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = height-1-y, x
			case 7:
				tx, ty = height-1-y, width-1-x
			case 8:
				tx, ty = y, width-1-x
			}
			copy(to.Pix[to.PixOffset(tx, ty):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}
