/*{ "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ] }*/
varying vec2 vv_FragNormCoord;
void main() {
    vec2 at = vv_FragNormCoord;
    vec4 a = texture2D(inputImage, at);
    vec4 b = texture2DRect(inputImage, at * _inputImage_imgSize);
    gl_FragData[0] = 0.5 * (a + b);
}
