package convert

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"

	"github.com/HugoSmits86/nativewebp"
	"golang.org/x/image/webp"
)

// image converts an image.
func (j *job) image() (*Result, error) {
	octets, err := j.read(imageMax)
	if err != nil {
		return nil, err
	}
	file, err := inspect(octets)
	if err != nil {
		return nil, err
	}
	width, height, err := j.size(file)
	if err != nil {
		return nil, err
	}
	result := &Result{Type: j.to}
	scaled := j.width != 0 || j.height != 0
	switch {
	case file.format == "image/gif" && j.to == "image/gif" && scaled:
		result.Octets, err = j.scaleAnimation(octets, width, height)
		return result, err
	case file.format == j.to && !scaled:
		// It is what was asked for, if it can be read (RFC 5259 §13).
		if _, err = j.decode(octets, file.format); err == nil {
			result.Octets = octets
		}
		return result, err
	}
	picture, err := j.decode(octets, file.format)
	if err != nil {
		return nil, err
	}
	if scaled {
		if file.turned() {
			width, height = height, width
		}
		picture = scale(picture, width, height)
	}
	picture = orient(picture, file.orientation)
	result.Octets, err = j.encode(picture)
	return result, err
}

// size returns how large the image will be, as it is seen. With one side alone the
// other follows; with none it stays as large as it is.
func (j *job) size(file imageFile) (width, height int, err error) {
	width, height = file.width, file.height
	if file.turned() {
		width, height = height, width
	}
	x, y := j.width, j.height
	switch {
	case x == 0 && y == 0:
		x, y = width, height
	case y == 0:
		y = max(1, (height*x+width/2)/width)
	case x == 0:
		x = max(1, (width*y+height/2)/height)
	}
	param := paramWidth
	if j.width == 0 {
		param = paramHeight
	}
	if j.width == 0 && j.height == 0 {
		param = ""
	}
	if param != "" && (x > sideMax || y > sideMax || x*y > scaledMax) {
		return 0, 0, &failure{text: "The image would become too large", param: param}
	}
	most := map[string]int{"image/webp": webpMax, "image/gif": gifMax}[j.to]
	if unchanged := file.format == j.to && param == ""; most != 0 && x*y > most && !unchanged {
		return 0, 0, &failure{text: "The image is too large for this format; ask for a smaller one", param: param}
	}
	return x, y, nil
}

var errUnreadable = "The image is damaged, or of a kind that cannot be read"

// decode reads an image, of an animation the first frame.
func (j *job) decode(octets []byte, format string) (image.Image, error) {
	in := &cancelledReader{j.ctx, bytes.NewReader(octets)}
	var picture image.Image
	var err error
	switch format {
	case "image/gif":
		picture, err = gif.Decode(in)
	case "image/jpeg":
		picture, err = jpeg.Decode(in)
	case "image/png":
		picture, err = png.Decode(in)
	case "image/webp":
		picture, err = webp.Decode(in)
	}
	if err != nil {
		return nil, failBecause(errUnreadable, err)
	}
	if format == "image/gif" {
		return wholeCanvas(picture, octets), nil
	}
	return picture, nil
}

// wholeCanvas puts the first frame of a GIF in its place, if it does not fill all
// of it.
func wholeCanvas(frame image.Image, octets []byte) image.Image {
	config, err := gif.DecodeConfig(bytes.NewReader(octets))
	whole := image.Rect(0, 0, config.Width, config.Height)
	if err != nil || frame.Bounds() == whole {
		return frame
	}
	canvas := image.NewRGBA(whole)
	draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return canvas
}

// encode writes the image in the format that was asked for.
func (j *job) encode(picture image.Image) ([]byte, error) {
	out := &boundedWriter{ctx: j.ctx}
	var err error
	switch j.to {
	case "image/gif":
		err = gif.Encode(out, palettedOf(picture), nil)
	case "image/jpeg":
		err = jpeg.Encode(out, opaque(picture), &jpeg.Options{Quality: jpegQuality})
	case "image/png":
		err = png.Encode(out, picture)
	case "image/webp":
		err = nativewebp.Encode(out, picture, nil)
		if err == nil { // its encoder is young, and what it writes is looked at again (RFC 5259 §13)
			_, err = webp.Decode(bytes.NewReader(out.octets))
		}
	}
	return out.octets, err
}

// opaque puts an image on white if something shines through it: JPEG has no
// transparency.
func opaque(picture image.Image) image.Image {
	if known, ok := picture.(interface{ Opaque() bool }); ok && known.Opaque() {
		return picture
	}
	bounds := picture.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), picture, bounds.Min, draw.Over)
	return flat
}

// scaleAnimation scales each frame of a GIF, as it is seen. Of an animation that is
// too long or too large for that, the first is taken.
func (j *job) scaleAnimation(octets []byte, width, height int) ([]byte, error) {
	frames, pixels := countFrames(octets)
	if frames < 2 || frames > framesMax || pixels > pixelOctetsMax || frames*width*height > gifMax {
		picture, err := j.decode(octets, "image/gif")
		if err != nil {
			return nil, err
		}
		return j.encode(scale(picture, width, height))
	}
	all, err := gif.DecodeAll(&cancelledReader{j.ctx, bytes.NewReader(octets)})
	if err != nil {
		return nil, failBecause(errUnreadable, err)
	}
	scaled, err := scaleFrames(j.ctx, all, width, height)
	if err != nil {
		return nil, err
	}
	out := &boundedWriter{ctx: j.ctx}
	err = gif.EncodeAll(out, scaled)
	return out.octets, err
}

// scaleFrames draws the frames over each other, as a viewer does, and scales what
// is seen.
func scaleFrames(ctx context.Context, all *gif.GIF, width, height int) (*gif.GIF, error) {
	canvas := image.NewRGBA(image.Rect(0, 0, all.Config.Width, all.Config.Height))
	out := &gif.GIF{LoopCount: all.LoopCount, Delay: all.Delay,
		Config: image.Config{Width: width, Height: height}}
	for i, frame := range all.Image {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		before := canvas
		if all.Disposal[i] == gif.DisposalPrevious {
			before = cloneRGBA(canvas)
		}
		draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Over)
		out.Image = append(out.Image, palettedOf(scale(canvas, width, height)))
		out.Disposal = append(out.Disposal, gif.DisposalBackground)
		switch all.Disposal[i] {
		case gif.DisposalBackground:
			draw.Draw(canvas, frame.Bounds(), image.Transparent, image.Point{}, draw.Src)
		case gif.DisposalPrevious:
			canvas = before
		}
	}
	return out, nil
}

func cloneRGBA(picture *image.RGBA) *image.RGBA {
	clone := *picture
	clone.Pix = bytes.Clone(picture.Pix)
	return &clone
}
