/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ] }*/
#version 330 core
#extension GL_ARB_shading_language_420pack : enable
layout(location = 0) out vec4 fragColor;
in vec2 isf_FragNormCoord;
const float weights[3] = float[3](0.25, 0.5, 0.25);
void main() {
    vec4 sum = vec4(0.0);
    for (int i = 0; i < weights.length(); i++)
        sum += texture(inputImage, isf_FragNormCoord + vec2(float(i - 1) / RENDERSIZE.x, 0.0)) * weights[i];
    fragColor = sum;
}
