/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ] }*/
#version 150
out vec4 colour;
void main() {
    ivec2 size = textureSize(inputImage, 0);
    colour = texelFetch(inputImage, ivec2(gl_FragCoord.xy) % size, 0) * textureLod(inputImage, isf_FragNormCoord, 0.0).a;
}
