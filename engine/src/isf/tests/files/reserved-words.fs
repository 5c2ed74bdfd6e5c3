/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ] }*/
struct buffer { vec4 sample; float patch; };
vec4 filter(vec4 input, float common) { return input * common; }
void main() {
    vec4 sample = IMG_THIS_PIXEL(inputImage);
    buffer shared;
    shared.sample = sample;
    shared.patch = 0.5;
    vec4 output = filter(shared.sample, shared.patch), active = vec4(0.1);
    vec2 texture = isf_FragNormCoord;
    gl_FragColor = output + active * texture.x;
}
